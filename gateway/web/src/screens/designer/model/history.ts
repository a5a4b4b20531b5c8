// Undo and redo for everything. Changes of the same thing that follow each other closely are one.

export interface History<T> {
  now: T;
  past: readonly T[];
  future: readonly T[];
  /** What was changed last, and when. */
  last?: { tag: string; at: number };
}

/** Changes kept. */
const KEPT = 200;
/** Within so many milliseconds changes of the same thing are one. */
const TOGETHER = 1_200;

export const begun = <T>(now: T): History<T> => ({ now, past: [], future: [] });

export function did<T>(history: History<T>, next: T, tag: string | undefined, at: number): History<T> {
  if (next === history.now) return history;
  const { last } = history;
  const joins =
    tag !== undefined && last?.tag === tag && at - last.at < TOGETHER && history.future.length === 0;
  const past = joins ? history.past : [...history.past, history.now].slice(-KEPT);
  return { now: next, past, future: [], last: tag === undefined ? undefined : { tag, at } };
}

export function undone<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { now: before, past: history.past.slice(0, -1), future: [history.now, ...history.future] };
}

export function redone<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { now: next, past: [...history.past, history.now], future };
}
