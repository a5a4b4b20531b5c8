// The rows of the inbox: by form and step, without those that are leaving. Pure.

import type { TaskHeader } from "~/api/types";
import type { Formats, Messages } from "~/i18n";
import type { InboxAnswer } from "~/store/inbox";

export interface Group {
  /** Of form and step together; 0: tasks of no form. */
  id: number;
  name: string;
  /** Tasks at a step, which can be decided. */
  step: boolean;
  tasks: TaskHeader[];
  /** How many there are in all. */
  count: number;
  unread: number;
}

export type Row =
  | { kind: "group"; key: string; group: Group; folded: boolean }
  | { kind: "task"; key: string; task: TaskHeader; unread: boolean; step: boolean; group: string };

export function groupsOf(answer: InboxAnswer | undefined, gone: ReadonlySet<number>, other: string): Group[] {
  if (!answer) return [];
  const unread = new Set(answer.marks?.unread_task_ids);
  const named = answer.task_groups ?? [];
  const grouped = new Set(named.flatMap(({ tasks }) => (tasks ?? []).map(({ id }) => id)));
  const group = (id: number, name: string, step: boolean, all: TaskHeader[], count: number): Group => {
    const tasks = all.filter((task) => !gone.has(task.id));
    return {
      id,
      name,
      step,
      tasks,
      count: Math.max(tasks.length, count - (all.length - tasks.length)),
      unread: tasks.filter((task) => unread.has(task.id)).length,
    };
  };
  const rest = (answer.tasks ?? []).filter(({ id }) => !grouped.has(id));
  return [
    ...named.map(({ id, name, step, tasks, count }) => group(id, name, Boolean(step), tasks ?? [], count)),
    group(0, other, false, rest, rest.length),
  ].filter(({ tasks }) => tasks.length > 0);
}

export function rowsOf(
  groups: readonly Group[],
  folded: ReadonlySet<number>,
  unread: ReadonlySet<number>,
): Row[] {
  // One group of tasks without a form needs no name.
  const bare = groups.length === 1 && groups[0]?.id === 0;
  return groups.flatMap((group) => {
    const isFolded = folded.has(group.id);
    const head: Row[] = bare ? [] : [{ kind: "group", key: `g${group.id}`, group, folded: isFolded }];
    const tasks = isFolded && !bare ? [] : group.tasks;
    return [
      ...head,
      ...tasks.map(
        (task): Row => ({
          kind: "task",
          key: `t${task.id}`,
          task,
          unread: unread.has(task.id),
          step: group.step,
          group: group.name,
        }),
      ),
    ];
  });
}

/** What is looked at next when the one that was looked at has left: what stood after it, else what stood before. */
export function nextAfter(
  before: readonly number[],
  gone: number,
  after: readonly number[],
): number | undefined {
  const at = before.indexOf(gone);
  if (at === -1) return undefined;
  const stay = new Set(after);
  return (
    before.slice(at + 1).find((id) => stay.has(id)) ?? before.slice(0, at).findLast((id) => stay.has(id))
  );
}

/** Why a task is here, or until when it was put off, by its number. */
export function notesOf(
  answer: InboxAnswer | undefined,
  t: Messages["inbox"],
  format: Formats,
): ReadonlyMap<number, string> {
  const { reminded_task_ids = [], snoozed = [] } = answer?.marks ?? {};
  return new Map([
    ...reminded_task_ids.map((id) => [id, t.isReminder] as const),
    ...snoozed.map(({ task_id, until }) => [task_id, t.wentUntil(format.soon(new Date(until)))] as const),
  ]);
}

/** What a task is called in its group, whose name begins with that of its form: the form's is not said again. */
export function shortOf({ id, text }: TaskHeader, group: string): string {
  const title = text || `№ ${id}`;
  const end = title.indexOf(": ");
  return (end > 0 && group.startsWith(title.slice(0, end)) && title.slice(end + 2)) || title;
}
