// The language of conditions and computed fields, as the browser understands it: what a parsed expression is. The server's parser
// decides (domain/src/expression); this one marks mistakes while one types, and lets a condition be built and tried.

export type FieldRef = { id: number; column?: string } | { code: string; column?: string };

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=" | "contains" | "starts with";
export type Arithmetic = "+" | "-" | "*" | "/";

export const FUNCTIONS = {
  empty: [1, 1],
  filled: [1, 1],
  if: [3, 3],
  round: [1, 2],
  min: [1, Number.POSITIVE_INFINITY],
  max: [1, Number.POSITIVE_INFINITY],
  abs: [1, 1],
  sum: [1, Number.POSITIVE_INFINITY],
  count: [1, Number.POSITIVE_INFINITY],
  days: [2, 2],
  lower: [1, 1],
  concat: [1, Number.POSITIVE_INFINITY],
} as const satisfies Record<string, readonly [number, number]>;
export type FunctionName = keyof typeof FUNCTIONS;

export type Literal =
  | { kind: "number"; text: string }
  | { kind: "text"; text: string }
  | { kind: "truth"; truth: boolean }
  | { kind: "date" | "time" | "moment"; text: string };

export type Node = { at: number } & (
  | { part: "literal"; value: Literal }
  | { part: "field"; field: FieldRef }
  | { part: "not"; of: Node }
  | { part: "negate"; of: Node }
  | { part: "all" | "any"; of: Node[] }
  | { part: "compare"; by: Comparison; left: Node; right: Node }
  | { part: "in"; of: Node; among: Node[] }
  | { part: "chain"; first: Node; rest: { by: Arithmetic; of: Node }[] }
  | { part: "call"; name: FunctionName; of: Node[] }
);

/** What is wrong with an expression, and before how many characters. */
export class Fault extends Error {
  constructor(
    readonly rule: FaultRule,
    readonly at: number,
    readonly detail = "",
  ) {
    super(`${rule} ${detail} at ${at}`);
  }
}

export type FaultRule =
  | "too_long"
  | "too_deep"
  | "too_many_nodes"
  | "character"
  | "unfinished_text"
  | "number"
  | "field"
  | "literal"
  | "value_missing"
  | "missing"
  | "left_over"
  | "chained"
  | "function"
  | "arguments";

/** The nodes right below, in the order of the source. */
export function children(node: Node): Node[] {
  switch (node.part) {
    case "literal":
    case "field":
      return [];
    case "not":
    case "negate":
      return [node.of];
    case "all":
    case "any":
    case "call":
      return node.of;
    case "compare":
      return [node.left, node.right];
    case "in":
      return [node.of, ...node.among];
    case "chain":
      return [node.first, ...node.rest.map(({ of }) => of)];
  }
}

/** Every field that it names, with where. */
export function fieldsOf(node: Node): { field: FieldRef; at: number }[] {
  const own = node.part === "field" ? [{ field: node.field, at: node.at }] : [];
  return [...own, ...children(node).flatMap(fieldsOf)];
}
