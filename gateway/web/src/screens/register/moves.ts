// What putting a card of the board into another column means: what the route allows, or why it does not. Pure.

import { waits } from "~/store/tasks";
import type { RegisterTask } from "./columns";

export type Move =
  | { kind: "approve" }
  | { kind: "reject" }
  | { kind: "none"; why: "here" | "closed" | "not_asked" | "answered" | "began" };

/** `mine` are the ids that answer for me: my own and those of my roles. */
export function moveOf(task: RegisterTask, to: number, mine: ReadonlySet<number>): Move {
  const from = task.current_step ?? 0;
  if (to === from) return { kind: "none", why: "here" };
  if (task.is_closed) return { kind: "none", why: "closed" };
  const asked = (task.approvals?.flat() ?? []).filter(
    ({ person, step }) => (step ?? from) === from && mine.has(person.id),
  );
  if (asked.length === 0) return { kind: "none", why: "not_asked" };
  if (!asked.some(waits)) return { kind: "none", why: "answered" };
  // Where a task goes is said by its route: onward is an approval, back a rejection.
  if (to > from) return { kind: "approve" };
  return from <= 1 ? { kind: "none", why: "began" } : { kind: "reject" };
}
