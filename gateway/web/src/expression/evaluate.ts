// What an expression is worth over values of fields, for a preview: nothing in it is an error, what does not fit is nothing or false.
// Numbers are the browser's, so the last digits of large ones may differ from the server's exact decimals.

import type { Arithmetic, Comparison, FieldRef, Node } from "./tree";

export interface Member {
  id: number;
  name?: string;
}

export type Val =
  | undefined
  | boolean
  | number
  | string
  | { date: string }
  | { time: string }
  | { moment: number }
  | { set: Member[] }
  | { list: Val[] };

export type Scope = (field: FieldRef) => Val;

export function evaluate(node: Node, scope: Scope): Val {
  const of = (part: Node) => evaluate(part, scope);
  switch (node.part) {
    case "literal": {
      const { value } = node;
      if (value.kind === "number") return Number(value.text);
      if (value.kind === "text") return value.text;
      if (value.kind === "truth") return value.truth;
      if (value.kind === "date") return { date: value.text };
      if (value.kind === "time") return { time: value.text.slice(0, 5) };
      return { moment: Date.parse(value.text) };
    }
    case "field":
      return scope(node.field);
    case "not":
      return of(node.of) !== true;
    case "negate": {
      const value = of(node.of);
      return typeof value === "number" ? -value : undefined;
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
        (left, { by, of: right }) => calculate(by, left, of(right)),
        of(node.first),
      );
    case "call":
      return call(node, of);
  }
}

/** A condition is met when it is true, and not when it is anything else. */
export const holds = (node: Node, scope: Scope): boolean => evaluate(node, scope) === true;

export function isEmpty(value: Val): boolean {
  if (value === undefined || value === "") return true;
  if (typeof value !== "object") return false;
  return ("set" in value && value.set.length === 0) || ("list" in value && value.list.length === 0);
}

const fold = (text: string) => text.toLowerCase();

function textOf(value: Val): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "object" && "set" in value && value.set.length === 1)
    return value.set[0]?.name || undefined;
  return undefined;
}

function equals(left: Val, right: Val): boolean {
  if (isEmpty(left) || isEmpty(right)) return isEmpty(left) && isEmpty(right);
  if (typeof left === "object" && "list" in left)
    return (
      typeof right === "object" &&
      "list" in right &&
      left.list.length === right.list.length &&
      left.list.every((one, index) => equals(one, right.list[index]))
    );
  if (typeof left === "object" && "set" in left) {
    if (typeof right === "object" && "set" in right) {
      const ids = new Set(left.set.map(({ id }) => id));
      return (
        ids.size === new Set(right.set.map(({ id }) => id)).size && right.set.every(({ id }) => ids.has(id))
      );
    }
    if (typeof right === "number") return left.set.length === 1 && left.set[0]?.id === right;
    const name = textOf(left);
    return name !== undefined && typeof right === "string" && fold(name) === fold(right);
  }
  if (typeof right === "object" && "set" in right) return equals(right, left);
  if (typeof left === "string") return typeof right === "string" && fold(left) === fold(right);
  if (typeof left === "object" && typeof right === "object")
    return JSON.stringify(left) === JSON.stringify(right);
  return left === right;
}

/** Which comes first, below 0 the left; nothing where they have no order. */
function order(left: Val, right: Val): number | undefined {
  const by = <T>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);
  if (typeof left === "number" && typeof right === "number") return by(left, right);
  if (typeof left === "string" && typeof right === "string")
    return left && right ? by(fold(left), fold(right)) : undefined;
  if (typeof left !== "object" || typeof right !== "object") return undefined;
  if ("date" in left && "date" in right) return by(left.date, right.date);
  if ("time" in left && "time" in right) return by(left.time, right.time);
  if ("moment" in left && "moment" in right) return by(left.moment, right.moment);
  return undefined;
}

function contains(whole: Val, part: Val): boolean {
  if (isEmpty(whole) || isEmpty(part)) return false;
  if (typeof whole === "string") return fold(whole).includes(fold(textOf(part) ?? "\u0000"));
  if (typeof whole !== "object") return false;
  if ("list" in whole) return whole.list.some((one) => equals(one, part));
  if (!("set" in whole)) return false;
  const { set } = whole;
  if (typeof part === "object" && "set" in part)
    return part.set.every(({ id }) => set.some((own) => own.id === id));
  if (typeof part === "number") return set.some(({ id }) => id === part);
  const name = textOf(part);
  return name !== undefined && set.some((own) => fold(own.name ?? "") === fold(name));
}

function isAmong(one: Val, other: Val): boolean {
  const inside = typeof other === "object" && ("set" in other || "list" in other) && contains(other, one);
  return inside || equals(one, other);
}

function compare(by: Comparison, left: Val, right: Val): boolean {
  if (by === "=") return equals(left, right);
  if (by === "!=") return !equals(left, right);
  if (by === "contains") return contains(left, right);
  if (by === "starts with") {
    const [text, part] = [textOf(left), textOf(right)];
    return Boolean(text && part && fold(text).startsWith(fold(part)));
  }
  const found = order(left, right);
  if (found === undefined) return false;
  return by === "<" ? found < 0 : by === "<=" ? found <= 0 : by === ">" ? found > 0 : found >= 0;
}

const DAY = 86_400_000;
const dayNumber = (date: string) => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY);
const exact = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(15)) : undefined);

function calculate(by: Arithmetic, left: Val, right: Val): Val {
  if (typeof right !== "number") return undefined;
  if (typeof left === "number") {
    if (by === "+") return exact(left + right);
    if (by === "-") return exact(left - right);
    if (by === "*") return exact(left * right);
    return right === 0 ? undefined : exact(left / right);
  }
  if (typeof left === "object" && "date" in left && Number.isInteger(right) && (by === "+" || by === "-")) {
    const day = dayNumber(left.date) + (by === "+" ? right : -right);
    const date = new Date(day * DAY);
    return Number.isNaN(date.getTime()) ? undefined : { date: date.toISOString().slice(0, 10) };
  }
  return undefined;
}

function told(value: Val): string {
  if (value === undefined) return "";
  if (typeof value !== "object") return String(value);
  if ("date" in value) return value.date;
  if ("time" in value) return value.time;
  if ("moment" in value) return `${new Date(value.moment).toISOString().slice(0, 19)}Z`;
  if ("set" in value) return value.set.map(({ id, name }) => name || String(id)).join(", ");
  return value.list.map((one) => (typeof one === "object" && "list" in one ? "" : told(one))).join(", ");
}

function call(node: Extract<Node, { part: "call" }>, of: (part: Node) => Val): Val {
  const argument = (index: number): Val => {
    const part = node.of[index];
    return part ? of(part) : undefined;
  };
  const each = () =>
    node.of
      .flatMap((part) => {
        const value = of(part);
        return typeof value === "object" && "list" in value ? value.list : [value];
      })
      .filter((value) => !isEmpty(value));
  switch (node.name) {
    case "empty":
      return isEmpty(argument(0));
    case "filled":
      return !isEmpty(argument(0));
    case "if":
      return argument(0) === true ? argument(1) : argument(2);
    case "abs": {
      const value = argument(0);
      return typeof value === "number" ? Math.abs(value) : undefined;
    }
    case "round": {
      const value = argument(0);
      const places = node.of.length > 1 ? argument(1) : 0;
      if (typeof value !== "number" || typeof places !== "number" || !Number.isInteger(places))
        return undefined;
      if (places < 0 || places > 28) return undefined;
      const scale = 10 ** Math.min(places, 12);
      return (Math.sign(value) * Math.round(Number((Math.abs(value) * scale).toPrecision(15)))) / scale;
    }
    case "min":
    case "max": {
      const values = each();
      if (values.length === 0 || order(values[0], values[0]) === undefined) return undefined;
      let found = values[0];
      for (const value of values.slice(1)) {
        const by = order(value, found);
        if (by === undefined) return undefined;
        if (node.name === "min" ? by < 0 : by > 0) found = value;
      }
      return found;
    }
    case "sum": {
      let sum = 0;
      for (const value of each()) {
        if (typeof value !== "number") return undefined;
        sum += value;
      }
      return exact(sum);
    }
    case "count": {
      const own = (value: Val): number =>
        typeof value === "object" && "set" in value ? value.set.length : isEmpty(value) ? 0 : 1;
      return node.of
        .map(of)
        .map((value) =>
          typeof value === "object" && "list" in value
            ? value.list.filter((one) => !isEmpty(one)).length
            : own(value),
        )
        .reduce((sum, count) => sum + count, 0);
    }
    case "days": {
      const [from, to] = [argument(0), argument(1)];
      if (typeof from !== "object" || typeof to !== "object") return undefined;
      if ("date" in from && "date" in to) return dayNumber(to.date) - dayNumber(from.date);
      if ("moment" in from && "moment" in to) return Math.trunc((to.moment - from.moment) / DAY);
      return undefined;
    }
    case "lower": {
      const text = textOf(argument(0));
      return text === undefined ? undefined : fold(text);
    }
    case "concat":
      return node.of.map((part) => told(of(part))).join("");
  }
}
