// A task as this person sees it now: what the server said last, and on top of it what they have done since.

import type { QueryClient } from "@tanstack/react-query";
import { api, positionOf } from "~/api/client";
import type { Answered, Comment, Task } from "~/api/types";
import type { Command } from "./command";
import type { Accepted } from "./outbox";

export const taskKey = (id: number) => ["task", id] as const;

/** A task and the position of the log that it was read at. */
export interface TaskAnswer {
  task: Task;
  position: number;
}

export async function readTask(id: number, asOf?: string): Promise<TaskAnswer> {
  const { data, response } = await api.GET("/v4/tasks/{id}", {
    params: { path: { id }, query: asOf ? { as_of: asOf } : {} },
  });
  return { task: (data as unknown as Answered).task, position: positionOf(response) };
}

/** Takes what the server answered to an accepted change into what is shown. */
export function takeAnswer(cache: QueryClient, { answer, position, command }: Accepted): void {
  const task = (answer as Partial<Answered> | undefined)?.task;
  if (task?.comments) {
    cache.setQueryData<TaskAnswer>(taskKey(task.id), (old) =>
      old && old.position > position ? old : { task, position },
    );
  }
  if (command.kind !== "other") void cache.invalidateQueries({ queryKey: ["inbox"] });
  if (command.kind === "create") void cache.invalidateQueries({ queryKey: ["register"] });
}

/** A comment that is not in the log yet. */
export interface PendingComment extends Comment {
  pending: Command;
}

export const isPending = (comment: Comment): comment is PendingComment => "pending" in comment;

type CommentBody = {
  text?: string;
  formatted_text?: string;
  action?: string;
  approval_choice?: string;
  due_date?: string;
  due?: string;
  cancel_due?: boolean;
  edit_comment_id?: number;
  delete_comment_id?: number;
  field_updates?: { id: number; value: unknown }[];
};

/** The task with everything on top that its person has done and the server has not answered yet. Pure. */
export function overlaid(
  task: Task,
  commands: readonly Command[],
  me: { person: number; name: string },
): Task {
  const mine = commands.filter((command) => command.task === task.id && command.kind === "comment");
  if (mine.length === 0) return task;
  const next: Task & { comments: Comment[] } = { ...task, comments: [...(task.comments ?? [])] };
  for (const command of mine) {
    const body = (command.body ?? {}) as CommentBody;
    // What was refused is shown as a comment with its reason, but has changed nothing.
    if (command.state !== "refused") {
      if (body.action === "finished") next.is_closed = true;
      if (body.action === "reopened") next.is_closed = false;
      if (body.due_date) next.due_date = body.due_date;
      if (body.cancel_due) next.due_date = undefined;
      const choice = body.approval_choice;
      if (choice && choice !== "revoked") next.approvals = answered(next, me.person, choice);
      for (const update of body.field_updates ?? [])
        next.fields = withValue(next.fields, update.id, update.value);
      if (body.delete_comment_id)
        next.comments = next.comments.filter(({ id }) => id !== body.delete_comment_id);
      if (body.edit_comment_id) {
        next.comments = next.comments.map((comment) =>
          comment.id === body.edit_comment_id
            ? { ...comment, text: body.text, formatted_text: body.formatted_text }
            : comment,
        );
        continue;
      }
    }
    const comment: PendingComment = {
      id: -command.order,
      text: body.text,
      formatted_text: body.formatted_text,
      action: body.action,
      approval_choice: body.approval_choice,
      create_date: new Date(command.at).toISOString(),
      author: { id: me.person, first_name: me.name, type: "user" },
      pending: command,
    };
    next.comments.push(comment);
  }
  return next;
}

function answered(task: Task, person: number, choice: string): Task["approvals"] {
  return task.approvals?.map((step) =>
    step.map((approval) =>
      approval.person.id === person &&
      approval.step === task.current_step &&
      approval.approval_choice === "waiting"
        ? { ...approval, approval_choice: choice }
        : approval,
    ),
  );
}

/** Only what has the same shape read and written is shown before the server has answered. */
function withValue(fields: Task["fields"], id: number, value: unknown): Task["fields"] {
  return fields?.map((field) =>
    field.id === id && (value === null || typeof value !== "object") ? { ...field, value } : field,
  );
}
