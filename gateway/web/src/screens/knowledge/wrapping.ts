// What the buttons above a text do to it: signs around what is chosen, or at the beginnings of its lines. Pure.

export interface Edit {
  text: string;
  /** What is chosen afterwards. */
  from: number;
  to: number;
}

/** Signs on both sides, or away again; `[](https://)` takes what is chosen in its brackets and then chooses the address. */
export function wrapped(text: string, from: number, to: number, sign: string): Edit {
  const chosen = text.slice(from, to);
  const [before, after] = [text.slice(0, from), text.slice(to)];
  if (sign.startsWith("[")) {
    const address = "https://";
    const at = from + chosen.length + 3;
    return { text: `${before}[${chosen}](${address})${after}`, from: at, to: at + address.length };
  }
  if (before.endsWith(sign) && after.startsWith(sign))
    return {
      text: before.slice(0, -sign.length) + chosen + after.slice(sign.length),
      from: from - sign.length,
      to: to - sign.length,
    };
  return { text: before + sign + chosen + sign + after, from: from + sign.length, to: to + sign.length };
}

/** The sign at the beginning of each line that is touched, or away from all of them. Numbers count on. */
export function lined(text: string, from: number, to: number, sign: string): Edit {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const next = text.indexOf("\n", to);
  const end = next < 0 ? text.length : next;
  const lines = text.slice(start, end).split("\n");
  const numbers = /^\d/.test(sign);
  const has = (line: string) => (numbers ? /^\d+\. /.test(line) : line.startsWith(sign));
  const changed = lines.every(has)
    ? lines.map((line) => (numbers ? line.replace(/^\d+\. /, "") : line.slice(sign.length)))
    : lines.map((line, index) => (numbers ? `${index + 1}. ` : sign) + line);
  const block = changed.join("\n");
  return {
    text: text.slice(0, start) + block + text.slice(end),
    from: start + block.length,
    to: start + block.length,
  };
}
