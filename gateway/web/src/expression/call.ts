// What the functions of the language answer. How many values each takes has been seen to by the parser.

import { dayNumber, momentOf } from "./calendar";
import * as decimal from "./decimal";
import type { Node } from "./tree";
import { fold, isEmpty, order, textOf, type Val } from "./value";

const PLACES_MAX = 28;
const TEXT_MAX = 100_000;
const DAY = 24n * 3_600n * 1_000_000_000n;
const HOUR = 3_600n * 1_000_000_000n;

const numberOf = (value: Val): decimal.Decimal | undefined =>
  typeof value === "object" && "number" in value ? value.number : undefined;
const numbered = (number: decimal.Decimal | undefined): Val => number && { number };

export function call(node: Extract<Node, { part: "call" }>, of: (part: Node) => Val): Val {
  const argument = (index: number): Val => {
    const part = node.of[index];
    return part ? of(part) : undefined;
  };
  /** What is not empty, members of lists one by one. */
  const each = () =>
    node.of
      .flatMap((part) => {
        const value = of(part);
        return typeof value === "object" && "list" in value ? [...value.list] : [value];
      })
      .filter((value) => !isEmpty(value));
  switch (node.name) {
    case "empty":
      return isEmpty(argument(0));
    case "filled":
      return !isEmpty(argument(0));
    case "if":
      return argument(argument(0) === true ? 1 : 2);
    case "round": {
      const number = numberOf(argument(0));
      const places = node.of.length > 1 ? numberOf(argument(1)) : decimal.whole(0);
      if (!number || !places || !decimal.isWhole(places)) return undefined;
      const count = Number(decimal.normal(places).digits);
      return count < 0 || count > PLACES_MAX ? undefined : { number: decimal.round(number, count) };
    }
    case "abs": {
      const number = numberOf(argument(0));
      return numbered(number && (number.digits < 0n ? decimal.negate(number) : number));
    }
    case "min":
    case "max":
      return outermost(each(), node.name);
    case "sum": {
      let sum: decimal.Decimal | undefined = decimal.whole(0);
      for (const value of each()) {
        const number = numberOf(value);
        sum = sum && number && decimal.add(sum, number);
      }
      return numbered(sum);
    }
    case "count":
      return { number: decimal.whole(node.of.reduce((sum, part) => sum + count(of(part)), 0)) };
    case "days":
      return days(argument(0), argument(1));
    case "lower": {
      const text = textOf(argument(0));
      return text === undefined ? undefined : bounded(fold(text));
    }
    case "concat":
      return bounded(
        node.of
          .map((part) => {
            const value = of(part);
            return typeof value === "object" && "list" in value
              ? value.list.map(told).join(", ")
              : told(value);
          })
          .join(""),
      );
  }
}

/** The first of those that lie furthest on one side; nothing where two have no order. */
function outermost(values: Val[], side: "min" | "max"): Val {
  let found = values[0];
  // Alone it needs an order as well: with itself.
  if (found === undefined || order(found, found) === undefined) return undefined;
  for (const value of values.slice(1)) {
    const by = order(value, found);
    if (by === undefined) return undefined;
    if (side === "min" ? by < 0 : by > 0) found = value;
  }
  return found;
}

function count(value: Val): number {
  if (typeof value === "object" && "list" in value) return value.list.filter((one) => !isEmpty(one)).length;
  if (typeof value === "object" && "set" in value) return value.set.length;
  return isEmpty(value) ? 0 : 1;
}

/** Whole days from one to the other. */
function days(from: Val, to: Val): Val {
  if (typeof from !== "object" || typeof to !== "object") return undefined;
  if ("date" in from && "date" in to) {
    const [first, last] = [dayNumber(from.date), dayNumber(to.date)];
    return first === undefined || last === undefined ? undefined : { number: decimal.whole(last - first) };
  }
  if ("moment" in from && "moment" in to) {
    const [first, last] = [momentOf(from.moment), momentOf(to.moment)];
    if (first === undefined || last === undefined) return undefined;
    return { number: decimal.whole((((last - first) / HOUR) * HOUR) / DAY) };
  }
  return undefined;
}

/** As a person would write it; of a list in a list, nothing. */
function told(value: Val): string {
  if (value === undefined) return "";
  if (typeof value !== "object") return String(value);
  if ("number" in value) return decimal.print(decimal.normal(value.number));
  if ("date" in value) return value.date;
  if ("time" in value) return value.time.slice(0, 5);
  if ("moment" in value) return value.moment.replace(/\.\d+Z$/, "Z");
  if ("set" in value) return value.set.map(({ id, name }) => name || String(id)).join(", ");
  return "";
}

/** A text that an expression made, where it is not too long. */
function bounded(text: string): Val {
  return text.length <= TEXT_MAX || [...text].length <= TEXT_MAX ? text : undefined;
}
