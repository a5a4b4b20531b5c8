// What differs between two texts, line by line. Pure.

export interface Line {
  text: string;
  kind: "same" | "added" | "removed";
}

/** Beyond this many pairs of lines they are not compared one by one. */
const PAIRS_MAX = 2_000_000;

export function differenceOf(before: string, after: string): Line[] {
  const left = before.split("\n");
  const right = after.split("\n");
  let head = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) head += 1;
  let tail = 0;
  while (
    tail < left.length - head &&
    tail < right.length - head &&
    left[left.length - 1 - tail] === right[right.length - 1 - tail]
  )
    tail += 1;
  const lines = (texts: string[], kind: Line["kind"]): Line[] => texts.map((text) => ({ text, kind }));
  return [
    ...lines(left.slice(0, head), "same"),
    ...middle(left.slice(head, left.length - tail), right.slice(head, right.length - tail)),
    ...lines(tail > 0 ? left.slice(-tail) : [], "same"),
  ];
}

function middle(left: string[], right: string[]): Line[] {
  const removed = (text: string): Line => ({ text, kind: "removed" });
  const added = (text: string): Line => ({ text, kind: "added" });
  if (left.length * right.length > PAIRS_MAX) return [...left.map(removed), ...right.map(added)];
  // How many lines in common there are from each pair on.
  const width = right.length + 1;
  const common = new Uint32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1)
    for (let j = right.length - 1; j >= 0; j -= 1)
      common[i * width + j] =
        left[i] === right[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const [one, other] = [left[i], right[j]];
    if (one !== undefined && one === other) {
      lines.push({ text: one, kind: "same" });
      i += 1;
      j += 1;
    } else if (
      other === undefined ||
      (one !== undefined && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      lines.push(removed(one ?? ""));
      i += 1;
    } else {
      lines.push(added(other));
      j += 1;
    }
  }
  return lines;
}
