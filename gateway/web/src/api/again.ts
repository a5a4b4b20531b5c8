// Whether what failed is tried once more, and after how long. Pure, but for chance: not all who were cut off come back at once.

import { Problem, passes } from "./problem";

/** The longest pause between two attempts, in milliseconds. */
const PAUSE_MAX = 30_000;
const PAUSE_FIRST = 500;
/** How often what always meets a broken server is repeated before the person is asked. */
const ATTEMPTS_MAX_BROKEN = 8;

/** In how many milliseconds, after so many attempts; nothing where it would fail again. */
export function pauseAfter(error: unknown, attempts: number): number | undefined {
  const broken = error instanceof Problem && error.status >= 500 && error.status !== 503;
  if (!passes(error) || (broken && attempts >= ATTEMPTS_MAX_BROKEN)) return undefined;
  const wanted = error instanceof Problem ? (error.retryAfter ?? 0) * 1000 : 0;
  const doubled = Math.min(PAUSE_MAX, PAUSE_FIRST * 2 ** Math.min(attempts - 1, 10));
  return Math.max(wanted, doubled * (0.5 + Math.random() / 2));
}
