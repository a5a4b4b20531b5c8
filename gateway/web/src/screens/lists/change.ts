// Changes of tasks as lists, boards and the calendar make them: through the outbox, and shown before the server has answered.

import type { TaskHeader } from "~/api/types";
import { usePending, useSession } from "~/app/context";
import { withRow } from "~/live/apply";
import type { Command } from "~/store/command";
import { useDirectory } from "~/store/directory";
import { useProblemText } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";

export type Row = TaskHeader & {
  due?: string | null;
  /** Minutes from `due` on. */
  duration?: number | null;
  list_ids?: number[] | null;
  scheduled_date?: string | null;
  scheduled_datetime_utc?: string | null;
  is_closed?: boolean | null;
  /** What waits to be sent about it. */
  pending?: Command["state"];
};

export interface Change {
  due_date?: string;
  due?: string;
  duration?: number;
  scheduled_date?: string;
  cancel_due?: true;
  reassign_to?: { id: number };
  action?: "finished" | "reopened";
}

interface Body extends Change {
  text?: string;
  list_ids?: number[];
  responsible?: { id: number };
}

/** Lists of tasks that an accepted change may touch. */
const LISTS = ["list", "calendar"];

export function useChangeTask() {
  const { outbox, cache } = useSession();
  const problem = useProblemText();
  const send = (change: Parameters<typeof outbox.settled>[0]) =>
    outbox.settled(change).then(
      ({ answer }) => {
        const task = (answer as { task?: TaskHeader } | undefined)?.task;
        if (task && change.task)
          for (const list of LISTS)
            cache.setQueriesData({ queryKey: [list] }, (old: unknown) => withRow(old, clean(task)));
        for (const list of LISTS) void cache.invalidateQueries({ queryKey: [list] });
      },
      (error: unknown) => toast(problem(error), { tone: "bad" }),
    );
  return {
    change: (task: Pick<TaskHeader, "id" | "text">, body: Change) =>
      void send({
        method: "POST",
        path: `/v4/tasks/${task.id}/comments`,
        body,
        kind: "comment",
        task: task.id,
        title: task.text ?? `№ ${task.id}`,
      }),
    create: (body: { text: string; list_ids?: number[]; due_date?: string; responsible?: { id: number } }) =>
      void send({ method: "POST", path: "/v4/tasks", body, kind: "create", title: body.text }),
  };
}

/** What a row shows of a task: what the task has lost is told as well. */
const clean = (task: Row): TaskHeader =>
  ({
    id: task.id,
    text: task.text,
    last_modified_date: task.last_modified_date,
    close_date: task.close_date,
    responsible: task.responsible,
    due_date: task.due_date,
    due: task.due,
    duration: task.duration,
    scheduled_date: task.scheduled_date,
    scheduled_datetime_utc: task.scheduled_datetime_utc,
    is_closed: task.is_closed,
  }) as unknown as TaskHeader;

/** Tasks with what their reader has changed, and those that they have made and that `takes`, on top. */
export function usePendingRows(
  tasks: readonly Row[],
  takes: (body: { due_date?: string; list_ids?: number[] }) => boolean,
): Row[] {
  const pending = usePending();
  const directory = useDirectory();
  const { me } = useSession();
  return withPending(tasks, pending, me, (id) => directory.get(id), takes);
}

/** Pure. */
export function withPending(
  tasks: readonly Row[],
  pending: readonly Command[],
  me: { person: number; name: string },
  person: (id: number) => TaskHeader["author"] | undefined,
  takes: (body: { due_date?: string; list_ids?: number[] }) => boolean,
): Row[] {
  const rows = new Map(tasks.map((task) => [task.id, task]));
  const made: Row[] = [];
  for (const command of pending) {
    const body = (command.body ?? {}) as Body;
    if (command.kind === "create" && command.path === "/v4/tasks" && takes(body)) {
      const at = new Date(command.at).toISOString();
      made.unshift({
        id: -command.order,
        text: body.text,
        create_date: at,
        last_modified_date: at,
        author: { id: me.person, first_name: me.name, type: "user" },
        responsible: body.responsible && person(body.responsible.id),
        due_date: body.due_date,
        list_ids: body.list_ids,
        pending: command.state,
      });
    }
    const row = command.task === undefined ? undefined : rows.get(command.task);
    if (command.kind !== "comment" || !row || command.state === "refused") continue;
    const next: Row = { ...row, pending: command.state };
    if (body.due_date) Object.assign(next, { due_date: body.due_date, due: undefined });
    if (body.due) Object.assign(next, { due: body.due, due_date: undefined });
    if (body.cancel_due) Object.assign(next, { due: undefined, due_date: undefined });
    if (body.scheduled_date)
      Object.assign(next, { scheduled_date: body.scheduled_date, scheduled_datetime_utc: undefined });
    if (body.reassign_to) next.responsible = person(body.reassign_to.id) ?? next.responsible;
    if (body.action === "finished") next.close_date = new Date(command.at).toISOString();
    if (body.action === "reopened") next.close_date = undefined;
    rows.set(row.id, next);
  }
  return [...made, ...tasks.map((task) => rows.get(task.id) ?? task)];
}
