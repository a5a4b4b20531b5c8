// Rows that are held, with what has changed since taken in. Pure.

import type { RegisterTask } from "./columns";

export interface Held {
  /** In the order of the register. */
  tasks: RegisterTask[];
  has_more: boolean;
  /** When they were asked for, by the server's clock, in milliseconds; 0 for what was kept from another visit. */
  at: number;
}

/** `changed` are ids that may have moved; `found` are those of them that belong here now. */
export function merged(
  held: Held,
  changed: readonly number[],
  found: readonly RegisterTask[],
  rising: boolean,
): Held {
  const touched = new Set(changed);
  const last = held.tasks.at(-1)?.id;
  const reaches = (id: number) => !held.has_more || last === undefined || (rising ? id <= last : id >= last);
  const kept = held.tasks.filter(({ id }) => !touched.has(id));
  const entered = found.filter(({ id }) => reaches(id));
  if (entered.length === 0) return { ...held, tasks: kept };
  const tasks = [...kept, ...entered].sort((left, right) =>
    rising ? left.id - right.id : right.id - left.id,
  );
  return { ...held, tasks };
}
