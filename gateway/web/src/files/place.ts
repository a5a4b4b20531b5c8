// The room that a picture takes before it is there, so that nothing moves when it comes.

/** In pixels. */
export const PLACE = { width: 168, height: 126 };
/** A row of a file that is no picture, in pixels. */
const ROW = 40;
const GAP = 6;

/** How high the files are before they are drawn, where pictures stand in one line. */
export const heightOf = (pictures: number, others: number): number =>
  (pictures > 0 ? PLACE.height + GAP : 0) + others * ROW;
