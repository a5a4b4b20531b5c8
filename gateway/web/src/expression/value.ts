// The values that expressions are about, and how two of them compare.

import { compareDays, momentOf, nanosOf } from "./calendar";
import * as decimal from "./decimal";

export interface Member {
  id: number;
  /** What an owner of a form would call it; nothing where it has no such name. */
  name?: string;
}

export type Val =
  | undefined
  | boolean
  | string
  | { number: decimal.Decimal }
  | { date: string }
  | { time: string }
  | { moment: string }
  /** Persons, catalog items, choices. */
  | { set: readonly Member[] }
  /** The values of a table's column, a row each. */
  | { list: readonly Val[] };

/** A number of a field, as it is typed or shown; nothing for what is none. */
export function numeral(text: string): Val {
  const number = decimal.parse(text.trim());
  return number && { number };
}

/** Nothing, or a text, set or list with nothing in it. */
export function isEmpty(value: Val): boolean {
  if (value === undefined || value === "") return true;
  if (typeof value !== "object") return false;
  return ("set" in value && value.set.length === 0) || ("list" in value && value.list.length === 0);
}

/** Without regard to case, character by character: a part of a text is found whatever stands around it. */
export function fold(text: string): string {
  let folded = "";
  for (const character of text) folded += character.toLowerCase();
  return folded;
}

/** The text, or the name of the only member. */
export function textOf(value: Val): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "object" && "set" in value && value.set.length === 1)
    return value.set[0]?.name || undefined;
  return undefined;
}

const isOnly = (set: readonly Member[], id: decimal.Decimal): boolean =>
  set.length === 1 && decimal.compare(decimal.whole(set[0]?.id ?? 0), id) === 0;

export function equals(left: Val, right: Val): boolean {
  if (isEmpty(left) || isEmpty(right)) return isEmpty(left) && isEmpty(right);
  if (typeof left === "object" && "list" in left) {
    if (typeof right !== "object" || !("list" in right)) return false;
    return (
      left.list.length === right.list.length &&
      left.list.every((one, index) => equalsInList(one, right.list[index]))
    );
  }
  return isLike(left, right);
}

/** Of members of lists: never looks into lists in lists. */
function equalsInList(left: Val, right: Val): boolean {
  if (isEmpty(left) || isEmpty(right)) return isEmpty(left) && isEmpty(right);
  return isLike(left, right);
}

/** Both are filled, and lists are like nothing. */
function isLike(left: Val, right: Val): boolean {
  if (left === undefined || typeof left === "boolean") return left === right;
  if (typeof left === "string") {
    const text = textOf(right);
    return text !== undefined && fold(left) === fold(text);
  }
  if (typeof right === "object" && "set" in right && !("set" in left)) {
    return "number" in left && isOnly(right.set, left.number);
  }
  if ("set" in left) {
    if (typeof right === "object" && "set" in right) {
      const [own, others] = [new Set(left.set.map(({ id }) => id)), new Set(right.set.map(({ id }) => id))];
      return own.size === others.size && [...own].every((id) => others.has(id));
    }
    if (typeof right === "object" && "number" in right) return isOnly(left.set, right.number);
    const name = textOf(left);
    return name !== undefined && typeof right === "string" && fold(name) === fold(right);
  }
  if (typeof right !== "object" || "list" in left) return false;
  return order(left, right) === 0;
}

/** Which comes first, below 0 the left; nothing where they have no order. */
export function order(left: Val, right: Val): number | undefined {
  if (typeof left === "string" && typeof right === "string")
    return left && right ? byCharacters(fold(left), fold(right)) : undefined;
  if (typeof left !== "object" || typeof right !== "object") return undefined;
  if ("number" in left && "number" in right) return decimal.compare(left.number, right.number);
  if ("date" in left && "date" in right) return compareDays(left.date, right.date);
  if ("time" in left && "time" in right) return sign(nanosOf(left.time) - nanosOf(right.time));
  if ("moment" in left && "moment" in right)
    return sign((momentOf(left.moment) ?? 0n) - (momentOf(right.moment) ?? 0n));
  return undefined;
}

const sign = (difference: bigint): number => (difference < 0n ? -1 : difference > 0n ? 1 : 0);

/** By whole characters, where the browser's own order goes by halves of some. */
function byCharacters(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const difference = (a[index]?.codePointAt(0) ?? 0) - (b[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** A text that part, a set all its members, a list an equal value. */
export function contains(whole: Val, part: Val): boolean {
  if (isEmpty(whole) || isEmpty(part)) return false;
  if (typeof whole === "string") {
    const text = textOf(part);
    return text !== undefined && fold(whole).includes(fold(text));
  }
  if (typeof whole !== "object") return false;
  if ("list" in whole) return whole.list.some((one) => equalsInList(one, part));
  if (!("set" in whole)) return false;
  const { set } = whole;
  if (typeof part === "object" && "set" in part)
    return part.set.every(({ id }) => set.some((own) => own.id === id));
  if (typeof part === "object" && "number" in part)
    return set.some(({ id }) => decimal.compare(decimal.whole(id), part.number) === 0);
  const name = textOf(part);
  return name !== undefined && set.some((own) => fold(own.name ?? "") === fold(name));
}

/** It is that, or one of its members. */
export function isAmong(one: Val, other: Val): boolean {
  const inside = typeof other === "object" && ("set" in other || "list" in other) && contains(other, one);
  return inside || equals(one, other);
}

export function startsWith(whole: Val, part: Val): boolean {
  const [text, beginning] = [textOf(whole), textOf(part)];
  return Boolean(text && beginning && fold(text).startsWith(fold(beginning)));
}
