// From a source to a tree: operators by how tightly they bind, in one pass. The same language, and the same places of faults, as the
// server's parser.

import { isDate, isMoment, isTime } from "./calendar";
import * as decimal from "./decimal";
import {
  type Arithmetic,
  type Comparison,
  children,
  Fault,
  type FieldRef,
  FUNCTIONS,
  type FunctionName,
  type Node,
} from "./tree";

const SOURCE_MAX = 2_000;
const DEPTH_MAX = 32;
const NODES_MAX = 500;
const FIELD_MAX = 4_294_967_295;
const WORDS = new Set(["and", "or", "not", "in", "contains", "starts", "with", "true", "false"]);

type Token = { at: number } & (
  | { kind: "word" | "text" | "number" | "sign"; text: string }
  | { kind: "field"; id: number }
);

const BEGINS = /[\p{Alphabetic}_]/u;
const CONTINUES = /[\p{Alphabetic}_0-9]/u;
const SIGNS = ["!=", "<=", ">=", "(", ")", ",", ".", "+", "-", "*", "/", "=", "<", ">"];

/** Whether a code can be named by an expression. */
export function isCode(code: string): boolean {
  return isWord(code) && !WORDS.has(lowered(code));
}

export function isWord(text: string): boolean {
  return /^[\p{Alphabetic}_][\p{Alphabetic}_0-9]*$/u.test(text);
}

/** Only the letters of ASCII: no other letter makes a word of the language. */
const lowered = (word: string) => word.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function tokens(source: string): Token[] {
  const characters = [...source];
  const found: Token[] = [];
  let at = 0;
  const run = (is: RegExp) => {
    const from = at;
    while (at < characters.length && is.test(characters[at] ?? "")) at += 1;
    return characters.slice(from, at).join("");
  };
  while (at < characters.length) {
    const begin = at;
    const character = characters[at] ?? "";
    if (/\p{White_Space}/u.test(character)) at += 1;
    else if (character === '"' || character === "'") {
      let text = "";
      at += 1;
      for (;;) {
        if (at >= characters.length) throw new Fault("unfinished_text", begin);
        const next = characters[at];
        at += 1;
        if (next !== character) text += next;
        else if (characters[at] === character) {
          text += character;
          at += 1;
        } else break;
      }
      found.push({ kind: "text", text, at: begin });
    } else if (character === "#") {
      at += 1;
      const digits = run(/[0-9]/);
      if (!digits || CONTINUES.test(characters[at] ?? " ") || Number(digits) > FIELD_MAX)
        throw new Fault("field", begin);
      found.push({ kind: "field", id: Number(digits), at: begin });
    } else if (/[0-9]/.test(character)) {
      const text = run(/[\p{Alphabetic}_0-9.]/u);
      if (!decimal.parse(text)) throw new Fault("number", begin);
      found.push({ kind: "number", text, at: begin });
    } else if (BEGINS.test(character)) found.push({ kind: "word", text: run(CONTINUES), at: begin });
    else {
      const sign = SIGNS.find((one) => [...one].every((part, index) => characters[at + index] === part));
      if (!sign) throw new Fault("character", begin, character);
      at += sign.length;
      found.push({ kind: "sign", text: sign, at: begin });
    }
  }
  return found;
}

/** @throws {Fault} What is wrong, and where. */
export function parse(source: string): Node {
  const length = [...source].length;
  if (length > SOURCE_MAX) throw new Fault("too_long", SOURCE_MAX);
  // They mean nothing in a text, and one of them breaks the log's.
  const control = [...source].findIndex((character) => /[^\P{Cc}\t\n\r]/u.test(character));
  if (control >= 0) throw new Fault("character", control, [...source][control]);
  const parser = new Parser(tokens(source), length);
  const node = parser.any();
  parser.ends();
  const [depth, deepest] = deepestOf(node);
  if (depth > DEPTH_MAX) throw new Fault("too_deep", deepest.at);
  return node;
}

/** The node at the end of the longest way down, the last of several, and how many levels it is at, from 1. */
function deepestOf(node: Node): [number, Node] {
  let found: [number, Node] | undefined;
  for (const child of children(node)) {
    const below = deepestOf(child);
    if (!found || below[0] >= found[0]) found = below;
  }
  return found ? [found[0] + 1, found[1]] : [1, node];
}

/** The tree, or what is wrong. */
export function tried(
  source: string,
): { node: Node; fault?: undefined } | { node?: undefined; fault: Fault } {
  try {
    return { node: parse(source) };
  } catch (error) {
    if (error instanceof Fault) return { fault: error };
    throw error;
  }
}

class Parser {
  private next = 0;
  private depth = 0;
  private nodes = 0;

  constructor(
    private readonly tokens: Token[],
    private readonly end: number,
  ) {}

  any(): Node {
    return this.joined("or", "any", () => this.all());
  }

  ends(): void {
    if (this.peek()) throw new Fault("left_over", this.at());
  }

  private all(): Node {
    return this.joined("and", "all", () => this.not());
  }

  private joined(word: string, part: "all" | "any", operand: () => Node): Node {
    const first = operand();
    const at = this.at();
    if (!this.isWord(word)) return first;
    const of = [first];
    while (this.takesWord(word)) of.push(operand());
    return this.node({ part, of, at });
  }

  private not(): Node {
    const at = this.at();
    if (!this.takesWord("not")) return this.comparison();
    const of = this.nested(at, () => this.not());
    return this.node({ part: "not", of, at });
  }

  private comparison(): Node {
    const left = this.sum();
    const at = this.at();
    let compared: Node;
    const by = this.takesComparison();
    if (by) {
      const right = this.sum();
      compared = this.node({ part: "compare", by, left, right, at });
    } else if (this.takesWord("not")) {
      if (!this.takesWord("in")) throw new Fault("missing", this.at(), "in");
      compared = this.node({ part: "not", of: this.inside(left, at), at });
    } else if (this.takesWord("in")) compared = this.inside(left, at);
    else return left;
    const after = this.at();
    if (this.takesComparison() || this.isWord("in") || this.isWord("not")) throw new Fault("chained", after);
    return compared;
  }

  private inside(of: Node, at: number): Node {
    const among = this.opened();
    return this.node({ part: "in", of, among, at });
  }

  private takesComparison(): Comparison | undefined {
    const token = this.peek();
    if (token?.kind === "sign" && ["=", "!=", "<", "<=", ">", ">="].includes(token.text)) {
      this.next += 1;
      return token.text as Comparison;
    }
    if (this.takesWord("contains")) return "contains";
    if (!this.takesWord("starts")) return undefined;
    if (!this.takesWord("with")) throw new Fault("missing", this.at(), "with");
    return "starts with";
  }

  private sum(): Node {
    return this.chain(["+", "-"], () => this.chain(["*", "/"], () => this.signed()));
  }

  private chain(signs: string[], operand: () => Node): Node {
    const first = operand();
    const at = this.at();
    const rest: { by: Arithmetic; of: Node }[] = [];
    for (;;) {
      const token = this.peek();
      if (token?.kind !== "sign" || !signs.includes(token.text)) break;
      this.next += 1;
      rest.push({ by: token.text as Arithmetic, of: operand() });
    }
    return rest.length === 0 ? first : this.node({ part: "chain", first, rest, at });
  }

  private signed(): Node {
    const at = this.at();
    if (!this.takesSign("-")) return this.value();
    const of = this.nested(at, () => this.signed());
    return this.node({ part: "negate", of, at });
  }

  private value(): Node {
    const at = this.at();
    const token = this.peek();
    if (!token) throw new Fault("value_missing", at);
    this.next += 1;
    switch (token.kind) {
      case "number":
      case "text":
        return this.node({ part: "literal", value: { kind: token.kind, text: token.text }, at });
      case "field":
        return this.field(at, { id: token.id });
      case "word":
        return this.word(at, token.text);
      case "sign": {
        if (token.text !== "(") throw new Fault("value_missing", at);
        const inside = this.nested(at, () => this.any());
        this.closes();
        return inside;
      }
    }
  }

  private word(at: number, word: string): Node {
    const lower = lowered(word);
    if (lower === "true" || lower === "false")
      return this.node({ part: "literal", value: { kind: "truth", truth: lower === "true" }, at });
    if (lower === "not") {
      const of = this.nested(at, () => this.not());
      return this.node({ part: "not", of, at });
    }
    if (WORDS.has(lower)) throw new Fault("value_missing", at);
    if (!this.takesSign("(")) return this.field(at, { code: word });
    if (lower === "date" || lower === "time" || lower === "moment") return this.literal(at, lower);
    if (!Object.hasOwn(FUNCTIONS, lower)) throw new Fault("function", at, word);
    const name = lower as FunctionName;
    const of = this.takesSign(")") ? [] : this.listed();
    const [least, most] = FUNCTIONS[name];
    if (of.length < least || of.length > most) throw new Fault("arguments", at, name);
    return this.node({ part: "call", name, of, at });
  }

  private literal(at: number, kind: "date" | "time" | "moment"): Node {
    const is = { date: isDate, time: isTime, moment: isMoment }[kind];
    const token = this.peek();
    if (token?.kind !== "text" || !is(token.text)) throw new Fault("literal", this.at(), kind);
    this.next += 1;
    this.closes();
    return this.node({ part: "literal", value: { kind, text: token.text }, at });
  }

  private field(at: number, field: FieldRef): Node {
    if (!this.takesSign(".")) return this.node({ part: "field", field, at });
    const token = this.peek();
    if ((token?.kind !== "word" && token?.kind !== "text") || token.text === "")
      throw new Fault("missing", this.at(), "column");
    this.next += 1;
    return this.node({ part: "field", field: { ...field, column: token.text }, at });
  }

  private opened(): Node[] {
    if (!this.takesSign("(")) throw new Fault("missing", this.at(), "(");
    return this.listed();
  }

  private listed(): Node[] {
    const items: Node[] = [];
    for (;;) {
      items.push(this.nested(this.at(), () => this.any()));
      if (!this.takesSign(",")) {
        this.closes();
        return items;
      }
    }
  }

  private node(node: Node): Node {
    this.nodes += 1;
    if (this.nodes > NODES_MAX) throw new Fault("too_many_nodes", node.at);
    return node;
  }

  private nested<T>(at: number, read: () => T): T {
    if (this.depth >= DEPTH_MAX) throw new Fault("too_deep", at);
    this.depth += 1;
    const found = read();
    this.depth -= 1;
    return found;
  }

  private closes(): void {
    if (!this.takesSign(")")) throw new Fault("missing", this.at(), ")");
  }

  private peek(): Token | undefined {
    return this.tokens[this.next];
  }

  private at(): number {
    return this.peek()?.at ?? this.end;
  }

  private isWord(word: string): boolean {
    const token = this.peek();
    return token?.kind === "word" && lowered(token.text) === word;
  }

  private takesWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.next += 1;
    return true;
  }

  private takesSign(sign: string): boolean {
    const token = this.peek();
    if (token?.kind !== "sign" || token.text !== sign) return false;
    this.next += 1;
    return true;
  }
}
