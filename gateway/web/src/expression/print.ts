// A tree as its source, with no more parentheses than it needs.

import { isWord } from "./parse";
import type { FieldRef, Literal, Node } from "./tree";

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

export function printField(field: FieldRef): string {
  const own = "id" in field ? `#${field.id}` : field.code;
  if (field.column === undefined) return own;
  return `${own}.${isWord(field.column) ? field.column : quoted(field.column)}`;
}

export function printLiteral(value: Literal): string {
  switch (value.kind) {
    case "number":
      return value.text;
    case "text":
      return quoted(value.text);
    case "truth":
      return String(value.truth);
    default:
      return `${value.kind}(${quoted(value.text)})`;
  }
}

/** How tightly what is at its top binds. */
function power(node: Node): number {
  switch (node.part) {
    case "any":
      return 1;
    case "all":
      return 2;
    case "not":
      return node.of.part === "in" ? 4 : 3;
    case "compare":
    case "in":
      return 4;
    case "chain":
      return node.rest[0]?.by === "+" || node.rest[0]?.by === "-" ? 5 : 6;
    case "negate":
      return 7;
    default:
      return 8;
  }
}

export function print(node: Node): string {
  const within = (part: Node, least: number) => (power(part) < least ? `(${print(part)})` : print(part));
  switch (node.part) {
    case "literal":
      return printLiteral(node.value);
    case "field":
      return printField(node.field);
    case "not":
      if (node.of.part === "in")
        return `${within(node.of.of, 5)} not in (${node.of.among.map(print).join(", ")})`;
      return `not ${within(node.of, 3)}`;
    case "negate":
      return `-${within(node.of, 7)}`;
    case "all":
      return node.of.map((part) => within(part, 3)).join(" and ");
    case "any":
      return node.of.map((part) => within(part, 2)).join(" or ");
    case "compare":
      return `${within(node.left, 5)} ${node.by} ${within(node.right, 5)}`;
    case "in":
      return `${within(node.of, 5)} in (${node.among.map(print).join(", ")})`;
    case "chain": {
      const own = power(node);
      return node.rest.reduce(
        (text, { by, of }) => `${text} ${by} ${within(of, own + 1)}`,
        within(node.first, own + 1),
      );
    }
    case "call":
      return `${node.name}(${node.of.map(print).join(", ")})`;
  }
}
