// Where a text says what was looked for, cut into what is marked and what is not. Pure.

export interface Part {
  text: string;
  marked: boolean;
}

/** `marks` are from and to in UTF-16 units. What lies outside of the text, or over another mark, is left out. */
export function partsOf(text: string, marks: readonly (readonly number[])[] = []): Part[] {
  const parts: Part[] = [];
  let at = 0;
  const put = (to: number, marked: boolean) => {
    if (to > at) parts.push({ text: text.slice(at, to), marked });
    at = Math.max(at, to);
  };
  for (const [from = 0, to = 0] of [...marks].sort((left, right) => (left[0] ?? 0) - (right[0] ?? 0))) {
    if (from < at || to <= from || from >= text.length) continue;
    put(from, false);
    put(Math.min(to, text.length), true);
  }
  put(text.length, false);
  return parts;
}
