// What an entry of the stream changes of what is shown: rows of open lists are changed at once, the rest is asked for again.

import type { QueryClient } from "@tanstack/react-query";
import type { TaskHeader } from "~/api/types";
import { type TaskAnswer, taskKey } from "~/store/tasks";
import type { LiveEvent } from "./live";

/** Lists of tasks, whose rows are headers or hold what headers hold. */
const LISTS = ["inbox", "list", "register", "search", "filter", "calendar", "related"];
/** Changes that come together are asked for once, in milliseconds. */
const TOGETHER = 250;

const due = new Map<string, ReturnType<typeof setTimeout>>();

function soon(cache: QueryClient, queryKey: readonly unknown[]): void {
  const name = JSON.stringify(queryKey);
  if (due.has(name)) return;
  due.set(
    name,
    setTimeout(() => {
      due.delete(name);
      void cache.invalidateQueries({ queryKey });
    }, TOGETHER),
  );
}

export function apply(cache: QueryClient, event: LiveEvent): void {
  const { name, data } = event;
  switch (name) {
    case "task": {
      const header = data.task as TaskHeader & { form_id?: number; list_ids?: number[] };
      const known = cache.getQueryData<TaskAnswer>(taskKey(header.id));
      if (!known || known.position < Number(data.position)) soon(cache, taskKey(header.id));
      for (const list of LISTS) {
        cache.setQueriesData({ queryKey: [list] }, (old: unknown) => withRow(old, header));
      }
      soon(cache, ["inbox"]);
      // It may be a subtask of one that is open.
      if (isNew(data.events)) soon(cache, ["related"]);
      if (header.form_id) soon(cache, ["register", header.form_id]);
      for (const list of header.list_ids ?? []) soon(cache, ["list", list]);
      soon(cache, ["filter"]);
      soon(cache, ["calendar"]);
      return;
    }
    case "gone":
      cache.removeQueries({ queryKey: taskKey(Number(data.task_id)) });
      for (const list of LISTS) soon(cache, [list]);
      return;
    case "inbox":
      cache.setQueryData(["inbox_count"], { count: data.count, has_more: data.has_more });
      // What was put off elsewhere, or has come back, is no change of a task.
      soon(cache, ["inbox"]);
      return;
    case "notified":
      cache.setQueryData(["unread_count"], data.unread_count);
      soon(cache, ["notifications"]);
      return;
    case "announcement":
      soon(cache, ["announcements"]);
      return;
    case "access":
    case "reset":
      void cache.invalidateQueries();
      return;
    default:
  }
}

const isNew = (events: unknown): boolean => Array.isArray(events) && events.includes("task.created");

/** The same answer with one row exchanged wherever it stands, or the very same where it does not. Pure. */
export function withRow<T>(answer: T, header: TaskHeader): T {
  if (Array.isArray(answer)) {
    let changed = false;
    const next = answer.map((part: unknown) => {
      const with_ = withRow(part, header);
      changed ||= with_ !== part;
      return with_;
    });
    return changed ? (next as T) : answer;
  }
  if (!answer || typeof answer !== "object") return answer;
  const row = answer as Record<string, unknown>;
  if (row.id === header.id && typeof row.create_date === "string" && "author" in row)
    return { ...row, ...header } as T;
  let next: Record<string, unknown> | undefined;
  for (const name of ["tasks", "task_groups", "pages", "parent", "subtasks", "linked_from"]) {
    if (!(name in row)) continue;
    const changed = withRow(row[name], header);
    if (changed !== row[name]) {
      next ??= { ...row };
      next[name] = changed;
    }
  }
  return (next as T | undefined) ?? answer;
}
