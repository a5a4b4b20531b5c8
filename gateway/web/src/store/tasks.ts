// A task as this person sees it now: what the server said last, and on top of it what they have done since.

import type { QueryClient } from "@tanstack/react-query";
import { api, positionOf } from "~/api/client";
import type { Answered, Approval, Comment, Person, Task, TaskFile } from "~/api/types";
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

/** The comment of this person that was accepted last, and where it stands in the log. */
export interface AcceptedComment {
  comment: number;
  position: number;
}

export const acceptedKey = (id: number) => ["accepted", id] as const;

/** Whether a change takes its task out of the inbox of whoever makes it. Pure. */
export function leaves({ kind, body, path }: Pick<Command, "kind" | "body" | "path">): boolean {
  if (path.endsWith("/unsnooze")) return false;
  if (kind === "put_away" || kind === "snooze") return true;
  if (kind !== "comment") return false;
  const { approval_choice, approvals_rerequested, seen, action, hide } = (body ?? {}) as CommentBody & {
    hide?: boolean;
  };
  return (
    Boolean(hide) ||
    action === "finished" ||
    approval_choice === "approved" ||
    approval_choice === "rejected" ||
    approval_choice === "acknowledged" ||
    // Sent back by whoever it waits for, on what they saw.
    (approvals_rerequested !== undefined && seen !== undefined)
  );
}

/** Whether somebody has something to decide still: who took a decision back is asked as before. Pure. */
export const waits = ({ approval_choice }: Approval): boolean =>
  approval_choice === "waiting" || approval_choice === "revoked";

/** The same answer of the inbox without a task. Pure. */
export function withoutRow(answer: unknown, task: number): unknown {
  if (!answer || typeof answer !== "object") return answer;
  const held = answer as {
    tasks?: { id: number }[];
    task_groups?: { tasks?: { id: number }[]; count: number }[];
  };
  const without = (tasks: { id: number }[] | undefined) => tasks?.filter(({ id }) => id !== task);
  return {
    ...held,
    tasks: without(held.tasks),
    task_groups: held.task_groups?.map((group) => {
      const tasks = without(group.tasks);
      return tasks?.length === group.tasks?.length ? group : { ...group, tasks, count: group.count - 1 };
    }),
  };
}

/** Takes what the server answered to an accepted change into what is shown. */
export function takeAnswer(cache: QueryClient, { answer, position, command }: Accepted): void {
  const task = (answer as Partial<Answered> | undefined)?.task;
  if (task?.comments) {
    cache.setQueryData<TaskAnswer>(taskKey(task.id), (old) =>
      old && old.position > position ? old : { task, position },
    );
    const said = command.kind === "comment" && task.comments.at(-1);
    if (said) cache.setQueryData<AcceptedComment>(acceptedKey(task.id), { comment: said.id, position });
  }
  if (leaves(command) && command.task !== undefined) {
    const gone = command.task;
    cache.setQueriesData({ queryKey: ["inbox"] }, (old: unknown) => withoutRow(old, gone));
  }
  if (command.kind !== "other") void cache.invalidateQueries({ queryKey: ["inbox"] });
  if (command.kind === "create") void cache.invalidateQueries({ queryKey: ["register"] });
}

/** A comment that is not in the log yet. */
export interface PendingComment extends Comment {
  pending: Command;
}

export const isPending = (comment: Comment): comment is PendingComment => "pending" in comment;

interface Named {
  id: number;
}

type CommentBody = {
  text?: string;
  formatted_text?: string;
  subject?: string;
  action?: string;
  approval_choice?: string;
  approvals_rerequested?: Named[][];
  /** The position at which whoever decides saw the task. */
  seen?: number;
  due_date?: string;
  due?: string;
  duration?: number;
  cancel_due?: boolean;
  scheduled_date?: string;
  scheduled_datetime_utc?: string;
  cancel_schedule?: boolean;
  reassign_to?: Named;
  participants_added?: Named[];
  participants_removed?: Named[];
  subscribers_added?: Named[];
  subscribers_removed?: Named[];
  added_list_ids?: number[];
  removed_list_ids?: number[];
  spent_minutes?: number;
  edit_comment_id?: number;
  delete_comment_id?: number;
  field_updates?: { id: number; value: unknown }[];
  attachments?: TaskFile[];
};

/** The task with everything on top that its person has done and the server has not answered yet. Pure. */
export function overlaid(
  task: Task,
  commands: readonly Command[],
  me: { person: number; name: string },
  person: (id: number) => Person | undefined = () => undefined,
): Task {
  const named = ({ id }: Named): Person =>
    person(id) ?? (id === me.person ? { id, first_name: me.name, type: "user" } : { id, type: "user" });
  const all = (people: Named[] | undefined) => people?.map(named);
  const mine = commands.filter((command) => command.task === task.id && command.kind === "comment");
  if (mine.length === 0) return task;
  const next: Task & { comments: Comment[] } = { ...task, comments: [...(task.comments ?? [])] };
  for (const command of mine) {
    const body = (command.body ?? {}) as CommentBody;
    // What was refused is shown as a comment with its reason, but has changed nothing.
    if (command.state !== "refused") {
      if (body.action === "finished") next.is_closed = true;
      if (body.action === "reopened") next.is_closed = false;
      if (body.due_date || body.due || body.cancel_due) {
        next.due_date = body.due_date;
        next.due = body.due;
        next.duration = body.duration;
      }
      if (body.scheduled_date || body.scheduled_datetime_utc || body.cancel_schedule) {
        next.scheduled_date = body.scheduled_date;
        next.scheduled_datetime_utc = body.scheduled_datetime_utc;
      }
      if (body.subject) next.subject = body.subject;
      if (body.reassign_to) next.responsible = named(body.reassign_to);
      next.participants = changed(next.participants, all(body.participants_added), body.participants_removed);
      const followers = next.subscribers?.map((subscriber) => subscriber.person);
      const following = changed(followers, all(body.subscribers_added), body.subscribers_removed);
      if (following !== followers)
        next.subscribers = following?.map(
          (other) => next.subscribers?.find(({ person: { id } }) => id === other.id) ?? { person: other },
        );
      if (body.added_list_ids || body.removed_list_ids)
        next.list_ids = [...new Set([...(next.list_ids ?? []), ...(body.added_list_ids ?? [])])].filter(
          (id) => !body.removed_list_ids?.includes(id),
        );
      const choice = body.approval_choice;
      if (choice && choice !== "revoked") next.approvals = answered(next, me.person, choice);
      for (const update of body.field_updates ?? [])
        next.fields = withValue(next.fields, update.id, update.value);
      if (body.delete_comment_id)
        next.comments = next.comments.filter(({ id }) => id !== body.delete_comment_id);
      if (body.edit_comment_id) {
        next.comments = next.comments.map((comment) =>
          comment.id === body.edit_comment_id
            ? {
                ...comment,
                text: body.text,
                formatted_text: body.formatted_text,
                attachments: body.attachments ?? comment.attachments,
              }
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
      subject: body.subject,
      reassigned_to: body.reassign_to && named(body.reassign_to),
      participants_added: all(body.participants_added),
      participants_removed: all(body.participants_removed),
      subscribers_added: all(body.subscribers_added),
      subscribers_removed: all(body.subscribers_removed),
      due_date: body.due_date,
      due: body.due,
      duration: body.duration,
      cancel_due: body.cancel_due,
      scheduled_date: body.scheduled_date,
      scheduled_datetime_utc: body.scheduled_datetime_utc,
      cancel_schedule: body.cancel_schedule,
      added_list_ids: body.added_list_ids,
      removed_list_ids: body.removed_list_ids,
      spent_minutes: body.spent_minutes,
      delete_comment_id: body.delete_comment_id,
      attachments: body.attachments,
      pending: command,
    };
    next.comments.push(comment);
  }
  return next;
}

function answered(task: Task, person: number, choice: string): Task["approvals"] {
  return task.approvals?.map((step) =>
    step.map((approval) =>
      approval.person.id === person && approval.step === task.current_step && waits(approval)
        ? { ...approval, approval_choice: choice }
        : approval,
    ),
  );
}

function changed(
  people: Person[] | null | undefined,
  added: Person[] | undefined,
  removed: Named[] | undefined,
): Person[] | null | undefined {
  if (!added?.length && !removed?.length) return people;
  const gone = new Set(removed?.map(({ id }) => id));
  const stay = (people ?? []).filter(({ id }) => !gone.has(id));
  return [...stay, ...(added ?? []).filter(({ id }) => !stay.some((other) => other.id === id))];
}

/** Only what has the same shape read and written is shown before the server has answered. */
function withValue(fields: Task["fields"], id: number, value: unknown): Task["fields"] {
  return fields?.map((field) =>
    field.id === id && (value === null || typeof value !== "object" || field.type === "file")
      ? { ...field, value }
      : field,
  );
}
