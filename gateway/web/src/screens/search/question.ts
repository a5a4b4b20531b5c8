// A question as it is typed, with operators such as `approver:"Martin Cole"`. Pure. The server reads it; here it is only put together.

/** An operator with its value, in quotation marks where it has spaces. */
export function operator(name: string, value: string): string {
  const plain = value.replaceAll('"', " ").replace(/\s+/g, " ").trim();
  return /\s/.test(plain) ? `${name}:"${plain}"` : `${name}:${plain}`;
}

/** The question with a part more, or the same where it is there already. */
export function withPart(question: string, part: string): string {
  const text = question.trim();
  if (` ${text} `.includes(` ${part} `)) return text;
  return text === "" ? part : `${text} ${part}`;
}

/** The newest first, each once, at most `max`. A question that another only begins is left out. */
export function remembered(before: readonly string[], question: string, max = 8): string[] {
  const text = question.trim();
  if (text.length < 2) return [...before];
  return [text, ...before.filter((other) => !text.toLowerCase().startsWith(other.toLowerCase()))].slice(
    0,
    max,
  );
}
