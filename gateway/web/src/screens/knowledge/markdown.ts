// Markdown as parts: blocks, and what stands in a line. Nothing of it is HTML, so nothing in it can act: tags are shown as they are
// written. Pure. What is pathological (a megabyte of asterisks) costs no more than its length.

export type Inline =
  | { kind: "text" | "code"; text: string }
  | { kind: "strong" | "em" | "strike"; parts: Inline[] }
  | { kind: "link"; href: string; parts: Inline[] }
  | { kind: "break" };

export type Block =
  | { kind: "heading"; level: number; text: string; id: string }
  | { kind: "paragraph"; text: string }
  | { kind: "code"; text: string }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "list"; start: number | undefined; items: { done: boolean | undefined; blocks: Block[] }[] }
  | { kind: "table"; head: string[]; rows: string[][] }
  | { kind: "rule" };

/** How deep quotes and lists lie in each other, and how far an end is looked for, in characters. */
const DEPTH_MAX = 12;
const REACH = 4_000;

const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const RULE = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])([ \t]+|$)(.*)$/;
const DIVIDER = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const DONE = /^\[([ xX])\][ \t]+/;

export function blocksOf(markdown: string): Block[] {
  const names = new Map<string, number>();
  return read(markdown.replace(/\r\n?/g, "\n").split("\n"), 0, names);
}

/** An address of its own for each heading, from its words. */
function idOf(text: string, names: Map<string, number>): string {
  const name =
    text
      .toLocaleLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 80) || "part";
  const count = names.get(name) ?? 0;
  names.set(name, count + 1);
  return count === 0 ? name : `${name}-${count + 1}`;
}

function read(lines: string[], depth: number, names: Map<string, number>): Block[] {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.length > 0) blocks.push({ kind: "paragraph", text: paragraph.join("\n").trim() });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (line.trim() === "") {
      flush();
      continue;
    }
    const fence = FENCE.exec(line)?.[1];
    if (fence) {
      flush();
      const end = lines.findIndex((other, index) => index > at && other.trim().startsWith(fence));
      const last = end < 0 ? lines.length : end;
      blocks.push({ kind: "code", text: lines.slice(at + 1, last).join("\n") });
      at = last;
      continue;
    }
    const heading = HEADING.exec(line);
    if (heading) {
      flush();
      const text = heading[2] ?? "";
      blocks.push({ kind: "heading", level: heading[1]?.length ?? 1, text, id: idOf(plainOf(text), names) });
      continue;
    }
    if (RULE.test(line)) {
      flush();
      blocks.push({ kind: "rule" });
      continue;
    }
    if (/^ {0,3}>/.test(line) && depth < DEPTH_MAX) {
      flush();
      let end = at;
      while (end < lines.length && /^ {0,3}>/.test(lines[end] ?? "")) end += 1;
      const inside = lines.slice(at, end).map((other) => other.replace(/^ {0,3}> ?/, ""));
      blocks.push({ kind: "quote", blocks: read(inside, depth + 1, names) });
      at = end - 1;
      continue;
    }
    const item = ITEM.exec(line);
    if (item && depth < DEPTH_MAX && (paragraph.length === 0 || item[4] !== "")) {
      flush();
      const [list, end] = readList(lines, at, depth, names);
      blocks.push(list);
      at = end - 1;
      continue;
    }
    if (paragraph.length === 0 && line.includes("|") && DIVIDER.test(lines[at + 1] ?? "")) {
      const head = cellsOf(line);
      const rows: string[][] = [];
      let end = at + 2;
      for (; end < lines.length && lines[end]?.includes("|"); end += 1) {
        const cells = cellsOf(lines[end] ?? "");
        rows.push(head.map((_, index) => cells[index] ?? ""));
      }
      blocks.push({ kind: "table", head, rows });
      at = end - 1;
      continue;
    }
    paragraph.push(line);
  }
  flush();
  return blocks;
}

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());

function readList(lines: string[], from: number, depth: number, names: Map<string, number>): [Block, number] {
  const first = ITEM.exec(lines[from] ?? "");
  const ordered = /\d/.test(first?.[2] ?? "");
  const items: { done: boolean | undefined; blocks: Block[] }[] = [];
  let at = from;
  while (at < lines.length) {
    const item = ITEM.exec(lines[at] ?? "");
    if (!item || /\d/.test(item[2] ?? "") !== ordered || RULE.test(lines[at] ?? "")) break;
    const indent = (item[1]?.length ?? 0) + (item[2]?.length ?? 1) + Math.min(4, item[3]?.length || 1);
    const inside = [item[4] ?? ""];
    at += 1;
    for (; at < lines.length; at += 1) {
      const line = lines[at] ?? "";
      const deep = line.length - line.trimStart().length >= Math.min(indent, 2);
      if (line.trim() === "") {
        const next = lines[at + 1] ?? "";
        if (next.trim() === "" || next.length - next.trimStart().length < Math.min(indent, 2)) break;
        inside.push("");
      } else if (deep) inside.push(line.slice(Math.min(indent, line.length - line.trimStart().length)));
      else if (ITEM.test(line) || HEADING.test(line) || FENCE.test(line) || /^ {0,3}>/.test(line)) break;
      else inside.push(line);
    }
    const mark = DONE.exec(inside[0] ?? "");
    if (mark) inside[0] = (inside[0] ?? "").slice(mark[0].length);
    items.push({
      done: mark ? mark[1] !== " " : undefined,
      blocks: read(inside, depth + 1, names),
    });
    while (at < lines.length && lines[at]?.trim() === "" && ITEM.test(lines[at + 1] ?? "")) at += 1;
  }
  return [{ kind: "list", start: ordered ? Number.parseInt(first?.[2] ?? "1", 10) : undefined, items }, at];
}

/** Only the web, mail, and places of this app. */
export function addressOf(href: string): string | undefined {
  const text = href.trim();
  if (/^(https?:\/\/|mailto:)/i.test(text)) return text;
  return /^[/#](?![/\\])/.test(text) ? text : undefined;
}

const PAIRS = [
  ["**", "strong"],
  ["__", "strong"],
  ["~~", "strike"],
  ["*", "em"],
  ["_", "em"],
] as const;
const URL_HERE = /^https?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]*_]/;

export function inlineOf(text: string, depth = 0): Inline[] {
  const parts: Inline[] = [];
  let plain = "";
  const put = (part: Inline) => {
    if (plain) parts.push({ kind: "text", text: plain });
    plain = "";
    parts.push(part);
  };
  const ahead = (what: string, from: number) => {
    const found = text.slice(from, from + REACH).indexOf(what);
    return found < 0 ? -1 : from + found;
  };
  let at = 0;
  outer: while (at < text.length) {
    const sign = text[at] ?? "";
    if (sign === "\\" && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? "")) {
      plain += text[at + 1];
      at += 2;
      continue;
    }
    if (sign === "\n") {
      const hard = plain.endsWith("  ");
      plain = plain.trimEnd();
      if (hard) put({ kind: "break" });
      else plain += " ";
      at += 1;
      continue;
    }
    if (sign === "`") {
      const ticks = /^`+/.exec(text.slice(at, at + 20))?.[0] ?? "`";
      const end = ahead(ticks, at + ticks.length);
      if (end > 0) {
        put({ kind: "code", text: text.slice(at + ticks.length, end).trim() });
        at = end + ticks.length;
        continue;
      }
    }
    if ((sign === "[" || (sign === "!" && text[at + 1] === "[")) && depth < DEPTH_MAX) {
      const open = sign === "!" ? at + 1 : at;
      const middle = ahead("](", open);
      const end = middle < 0 ? -1 : ahead(")", middle);
      const label = text.slice(open + 1, middle);
      if (end > 0 && !label.includes("[")) {
        const href = addressOf(text.slice(middle + 2, end).split(/\s+"/)[0] ?? "");
        const inside = inlineOf(label, depth + 1);
        if (href) put({ kind: "link", href, parts: inside });
        else for (const part of inside) put(part);
        at = end + 1;
        continue;
      }
    }
    if (sign === "h" && !/\w/.test(text[at - 1] ?? "")) {
      const href = URL_HERE.exec(text.slice(at, at + 2_000))?.[0];
      if (href) {
        put({ kind: "link", href, parts: [{ kind: "text", text: href }] });
        at += href.length;
        continue;
      }
    }
    if (depth < DEPTH_MAX) {
      for (const [mark, kind] of PAIRS) {
        if (!text.startsWith(mark, at)) continue;
        const inWord = mark.startsWith("_") && /\w/.test(text[at - 1] ?? "");
        const end = ahead(mark, at + mark.length);
        if (inWord || end <= at + mark.length || /\s/.test(text[at + mark.length] ?? "")) continue;
        if (/\s/.test(text[end - 1] ?? "")) continue;
        put({ kind, parts: inlineOf(text.slice(at + mark.length, end), depth + 1) });
        at = end + mark.length;
        continue outer;
      }
    }
    plain += sign;
    at += 1;
  }
  if (plain) parts.push({ kind: "text", text: plain });
  return parts;
}

/** The words alone. */
export const plainOf = (text: string): string =>
  inlineOf(text)
    .map(function words(part): string {
      if (part.kind === "break") return " ";
      return "text" in part ? part.text : part.parts.map(words).join("");
    })
    .join("");

export interface Heading {
  level: number;
  text: string;
  id: string;
}

/** What an article says of what, for a table of contents. */
export const headingsOf = (blocks: readonly Block[]): Heading[] =>
  blocks.flatMap((block) =>
    block.kind === "heading" ? [{ level: block.level, text: plainOf(block.text), id: block.id }] : [],
  );
