// What an expression is worth over values of fields, exactly as the server says (domain/src/expression; both test its cases.json).
// Nothing in it is an error: what does not fit is nothing or false.

import { dayNumber, dayOf } from "./calendar";
import { call } from "./call";
import * as decimal from "./decimal";
import type { Arithmetic, Comparison, FieldRef, Node } from "./tree";
import { contains, equals, isAmong, order, startsWith, type Val } from "./value";

export { isEmpty, type Member, type Val } from "./value";

export type Scope = (field: FieldRef) => Val;

export function evaluate(node: Node, scope: Scope): Val {
  const of = (part: Node) => evaluate(part, scope);
  switch (node.part) {
    case "literal": {
      const { value } = node;
      if (value.kind === "number") return numbered(decimal.parse(value.text));
      if (value.kind === "text") return value.text;
      if (value.kind === "truth") return value.truth;
      if (value.kind === "date") return { date: value.text };
      if (value.kind === "time") return { time: value.text };
      return { moment: value.text };
    }
    case "field":
      return scope(node.field);
    case "not":
      return of(node.of) !== true;
    case "negate": {
      const number = numberOf(of(node.of));
      return number && { number: decimal.negate(number) };
    }
    case "all":
      return node.of.every((part) => of(part) === true);
    case "any":
      return node.of.some((part) => of(part) === true);
    case "compare":
      return compare(node.by, of(node.left), of(node.right));
    case "in": {
      const one = of(node.of);
      return node.among.some((part) => isAmong(one, of(part)));
    }
    case "chain":
      return node.rest.reduce<Val>(
        (left, { by, of: right }) => (left === undefined ? undefined : calculate(by, left, of(right))),
        of(node.first),
      );
    case "call":
      return call(node, of);
  }
}

/** A condition is met when it is true, and not when it is anything else. */
export const holds = (node: Node, scope: Scope): boolean => evaluate(node, scope) === true;

const numbered = (number: decimal.Decimal | undefined): Val => number && { number };

export const numberOf = (value: Val): decimal.Decimal | undefined =>
  typeof value === "object" && "number" in value ? value.number : undefined;

function compare(by: Comparison, left: Val, right: Val): boolean {
  switch (by) {
    case "=":
      return equals(left, right);
    case "!=":
      return !equals(left, right);
    case "contains":
      return contains(left, right);
    case "starts with":
      return startsWith(left, right);
    default: {
      const found = order(left, right);
      if (found === undefined) return false;
      return by === "<" ? found < 0 : by === "<=" ? found <= 0 : by === ">" ? found > 0 : found >= 0;
    }
  }
}

function calculate(by: Arithmetic, left: Val, value: Val): Val {
  const right = numberOf(value);
  if (!right) return undefined;
  const number = numberOf(left);
  if (number) {
    if (by === "+") return numbered(decimal.add(number, right));
    if (by === "-") return numbered(decimal.add(number, decimal.negate(right)));
    if (by === "*") return numbered(decimal.multiply(number, right));
    return numbered(decimal.divide(number, right));
  }
  if (typeof left === "object" && "date" in left && (by === "+" || by === "-")) {
    if (!decimal.isWhole(right)) return undefined;
    const days = Number(decimal.normal(right).digits);
    const from = dayNumber(left.date);
    const date = from === undefined ? undefined : dayOf(by === "+" ? from + days : from - days);
    return date === undefined ? undefined : { date };
  }
  return undefined;
}
