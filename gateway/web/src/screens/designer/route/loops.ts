// Where rejections lead, and lanes for their arrows so that none lies on another.

import type { Doc } from "../model/doc";

export interface Loop {
  from: number;
  to: number;
  /** The step says so; else it is the usual way. */
  named: boolean;
}

/** The index of the step to which a rejection leads: the one it names, else the author's before it, else the first. */
export function rejectionTo(doc: Doc, index: number): number {
  const named = doc.steps[index]?.on_reject;
  if (named !== undefined) return Math.min(named - 1, index);
  const author = doc.steps.findIndex(
    ({ approvers }, at) => at <= index && approvers.some(({ who }) => who === "author"),
  );
  return Math.max(author, 0);
}

/** The lane of each loop; the shortest lie innermost. */
export function lanesOf(loops: readonly Loop[]): number[] {
  const order = loops.map((_, index) => index);
  const length = (index: number) => (loops[index]?.from ?? 0) - (loops[index]?.to ?? 0);
  order.sort((left, right) => length(left) - length(right));
  const lanes: number[] = loops.map(() => 0);
  const taken: Loop[][] = [];
  for (const index of order) {
    const loop = loops[index];
    if (!loop) continue;
    let lane = 0;
    while (taken[lane]?.some((other) => loop.to <= other.from && other.to <= loop.from)) lane += 1;
    taken[lane] = [...(taken[lane] ?? []), loop];
    lanes[index] = lane;
  }
  return lanes;
}
