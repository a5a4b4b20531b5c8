// A condition as rows of field, operator and value, in groups of "all" and "any": what a person can put together without knowing the
// language. What does not fit into rows is left to the text.

import { print } from "~/expression/print";
import { type Comparison, children, type FieldRef, type Literal, type Node } from "~/expression/tree";
import type { Field, Placed } from "./doc";

export type Operator =
  | "is"
  | "is_not"
  | "less"
  | "at_most"
  | "greater"
  | "at_least"
  | "contains"
  | "contains_not"
  | "starts"
  | "one_of"
  | "none_of"
  | "empty"
  | "filled"
  | "yes"
  | "no";

export interface Row {
  field: FieldRef;
  operator: Operator;
  /** None for `empty`, `filled`, `yes`, `no`; several for `one_of` and `none_of`. */
  values: Literal[];
}

export interface Group {
  join: "all" | "any";
  parts: (Row | Group)[];
}

export const isGroup = (part: Row | Group): part is Group => "join" in part;

const COMPARED: Partial<Record<Operator, Comparison>> = {
  is: "=",
  is_not: "!=",
  less: "<",
  at_most: "<=",
  greater: ">",
  at_least: ">=",
  contains: "contains",
  starts: "starts with",
};
const BY_SIGN = new Map(Object.entries(COMPARED).map(([operator, sign]) => [sign, operator as Operator]));
/** What is said when the sides are exchanged. */
const FLIPPED: Partial<Record<Comparison, Comparison>> = {
  "=": "=",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};
const OPPOSITE: Partial<Record<Operator, Operator>> = {
  is: "is_not",
  is_not: "is",
  contains: "contains_not",
  contains_not: "contains",
  one_of: "none_of",
  none_of: "one_of",
  empty: "filled",
  filled: "empty",
  yes: "no",
  no: "yes",
};
const DEPTH_MAX = 3;

/** The rows of a tree; nothing where it says what rows cannot. */
export function rowsOf(node: Node): Group | undefined {
  const part = read(node, 1);
  if (!part) return undefined;
  return isGroup(part) ? part : { join: "all", parts: [part] };
}

function read(node: Node, depth: number): Row | Group | undefined {
  if (depth > DEPTH_MAX) return undefined;
  switch (node.part) {
    case "all":
    case "any": {
      const parts = node.of.map((part) => read(part, depth + 1));
      return parts.every((part) => part !== undefined) ? { join: node.part, parts } : undefined;
    }
    case "field":
      return { field: node.field, operator: "yes", values: [] };
    case "not": {
      const row = read(node.of, depth);
      const operator = row && !isGroup(row) ? OPPOSITE[row.operator] : undefined;
      return operator && row && !isGroup(row) ? { ...row, operator } : undefined;
    }
    case "call": {
      const [field] = node.of;
      if ((node.name !== "empty" && node.name !== "filled") || field?.part !== "field") return undefined;
      return { field: field.field, operator: node.name, values: [] };
    }
    case "compare": {
      const { left, right, by } = node;
      const [field, literal, sign] =
        left.part === "field" ? [left, literalOf(right), by] : [right, literalOf(left), FLIPPED[by]];
      const operator = sign && BY_SIGN.get(sign);
      if (field.part !== "field" || !literal || !operator) return undefined;
      if (literal.kind === "truth" && (operator === "is" || operator === "is_not"))
        return {
          field: field.field,
          operator: literal.truth === (operator === "is") ? "yes" : "no",
          values: [],
        };
      if (literal.kind === "text" && literal.text === "" && (operator === "is" || operator === "is_not"))
        return { field: field.field, operator: operator === "is" ? "empty" : "filled", values: [] };
      return { field: field.field, operator, values: [literal] };
    }
    case "in": {
      const values = node.among.map(literalOf);
      if (node.of.part !== "field" || !values.every((value) => value !== undefined)) return undefined;
      return { field: node.of.field, operator: "one_of", values };
    }
    default:
      return undefined;
  }
}

function literalOf(node: Node): Literal | undefined {
  if (node.part === "literal") return node.value;
  if (node.part === "negate" && node.of.part === "literal" && node.of.value.kind === "number")
    return { kind: "number", text: `-${node.of.value.text}` };
  return undefined;
}

const asNode = (value: Literal): Node =>
  value.kind === "number" && value.text.startsWith("-")
    ? {
        part: "negate",
        of: { part: "literal", value: { kind: "number", text: value.text.slice(1) }, at: 0 },
        at: 0,
      }
    : { part: "literal", value, at: 0 };

function nodeOf(part: Row | Group): Node | undefined {
  const at = 0;
  if (isGroup(part)) {
    const of = part.parts.map(nodeOf).filter((node) => node !== undefined);
    return of.length > 1 ? { part: part.join, of, at } : of[0];
  }
  const field: Node = { part: "field", field: part.field, at };
  const [value] = part.values;
  switch (part.operator) {
    case "yes":
      return field;
    case "no":
      return { part: "not", of: field, at };
    case "empty":
    case "filled":
      return { part: "call", name: part.operator, of: [field], at };
    case "one_of":
    case "none_of": {
      if (part.values.length === 0) return undefined;
      const inside: Node = { part: "in", of: field, among: part.values.map(asNode), at };
      return part.operator === "one_of" ? inside : { part: "not", of: inside, at };
    }
    case "contains_not":
      return (
        value && {
          part: "not",
          of: { part: "compare", by: "contains", left: field, right: asNode(value), at },
          at,
        }
      );
    default: {
      const by = COMPARED[part.operator];
      return value && by && { part: "compare", by, left: field, right: asNode(value), at };
    }
  }
}

/** The expression of the rows; empty when nothing is said yet. Rows without a value are left out. */
export function sourceOf(group: Group): string {
  const node = nodeOf(group);
  return node ? print(node) : "";
}

/** What can be asked of a field, the likeliest first. */
export function operatorsFor(placed: Pick<Placed, "field" | "place">, column: boolean): Operator[] {
  const { field, place } = placed;
  if (place.in === "table") return ["contains", "contains_not", "empty", "filled"];
  if (column)
    return field.multiple
      ? ["contains", "contains_not", "empty", "filled"]
      : ["is", "is_not", "one_of", "none_of", "contains", "contains_not", "starts", "empty", "filled"];
  switch (field.type) {
    case "number":
    case "money":
    case "step":
    case "date":
    case "due_date":
    case "due_date_time":
    case "creation_date":
    case "time":
      return ["is", "is_not", "greater", "at_least", "less", "at_most", "empty", "filled"];
    case "checkmark":
    case "flag":
    case "title":
      return ["yes", "no"];
    case "multiple_choice":
    case "catalog":
    case "form_link":
      return field.multiple
        ? ["contains", "contains_not", "empty", "filled"]
        : ["is", "is_not", "one_of", "none_of", "empty", "filled"];
    case "person":
    case "author":
      return ["is", "is_not", "one_of", "none_of", "empty", "filled"];
    case "file":
    case "table":
      return ["filled", "empty"];
    default:
      return ["is", "is_not", "contains", "contains_not", "starts", "one_of", "none_of", "empty", "filled"];
  }
}

export const takesValues = (operator: Operator): "none" | "one" | "many" =>
  operator === "empty" || operator === "filled" || operator === "yes" || operator === "no"
    ? "none"
    : operator === "one_of" || operator === "none_of"
      ? "many"
      : "one";

/** The kind of literal that a field is compared with. */
export function literalFor(field: Field, column: boolean): Literal["kind"] | "choice" | "person" {
  if (column) return "text";
  switch (field.type) {
    case "number":
    case "money":
    case "step":
    case "form_link":
      return "number";
    case "date":
    case "due_date":
      return "date";
    case "time":
      return "time";
    case "due_date_time":
    case "creation_date":
      return "moment";
    case "multiple_choice":
      return "choice";
    case "person":
    case "author":
      return "person";
    default:
      return "text";
  }
}

/** Fields by their keys are named otherwise after a change of code. Every mention in the source, replaced. */
export function renamed(node: Node, from: string, to: FieldRef): Node {
  if (node.part === "field" && "code" in node.field && node.field.code === from)
    return { ...node, field: { ...to, column: node.field.column } as FieldRef };
  if (children(node).length === 0) return node;
  const map = (part: Node) => renamed(part, from, to);
  switch (node.part) {
    case "not":
    case "negate":
      return { ...node, of: map(node.of) };
    case "all":
    case "any":
    case "call":
      return { ...node, of: node.of.map(map) };
    case "compare":
      return { ...node, left: map(node.left), right: map(node.right) };
    case "in":
      return { ...node, of: map(node.of), among: node.among.map(map) };
    case "chain":
      return { ...node, first: map(node.first), rest: node.rest.map(({ by, of }) => ({ by, of: map(of) })) };
    default:
      return node;
  }
}
