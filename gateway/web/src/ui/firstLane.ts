import { type RefObject, useLayoutEffect, useRef } from "react";

/**
 * A board that is wider than the screen begins at its first column that holds something. `first` is that column's place among the
 * board's children, less than 0 while there is none.
 */
export function useFirstLane(board: RefObject<HTMLElement | null>, first: number): void {
  const begun = useRef(false);
  useLayoutEffect(() => {
    const frame = board.current;
    const lane = frame?.children[first];
    if (begun.current || !frame || !lane) return;
    begun.current = true;
    const { left, right } = lane.getBoundingClientRect();
    const seen = frame.getBoundingClientRect();
    if (right > seen.right)
      frame.scrollLeft += left - seen.left - Number.parseFloat(getComputedStyle(frame).paddingLeft);
  }, [board, first]);
}
