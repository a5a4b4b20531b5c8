// How far this device's clock is from the server's, by the answers that come: people are told, and nothing else rests on it.

/** So far apart two clocks may be, in milliseconds: an answer takes its time as well. */
const APART_MAX = 5 * 60_000;
const MINUTE = 60_000;

let apart = 0;
const listeners = new Set<() => void>();

/** By how many minutes this clock is ahead; nought where it is right. */
export const clockAhead = (): number => apart;

export function subscribeClock(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function hearTime(response: Response, now = Date.now()): void {
  const there = Date.parse(response.headers.get("Date") ?? "");
  // What a cache had kept says when it was made.
  if (!Number.isFinite(there) || response.headers.has("Age")) return;
  const next = Math.abs(now - there) > APART_MAX ? Math.round((now - there) / MINUTE) : 0;
  // A minute more or less is said by rounding alone.
  if (next === apart || (next !== 0 && Math.abs(next - apart) === 1)) return;
  apart = next;
  for (const listener of listeners) listener();
}
