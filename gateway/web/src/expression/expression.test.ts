import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { normal, print as print_ } from "./decimal";
import { evaluate, holds, type Val } from "./evaluate";
import { parse, tried } from "./parse";
import { print } from "./print";
import { type FieldRef, fieldsOf } from "./tree";
import { numeral } from "./value";

/** What both sides of the language agree on (domain/src/expression/cases.rs tests the same). */
const cases = JSON.parse(readFileSync("../../domain/src/expression/cases.json", "utf8")) as {
  fields: Record<string, Json>;
  values: [string, Json][];
  faults: [string, string, number][];
};

type Json =
  | null
  | boolean
  | string
  | { number: string }
  | { date: string }
  | { time: string }
  | { moment: string }
  | { set: [number, string][] }
  | { list: Json[] };

function valOf(json: Json): Val {
  if (json === null) return undefined;
  if (typeof json !== "object") return json;
  if ("number" in json) return numeral(json.number);
  if ("set" in json) return { set: json.set.map(([id, name]) => ({ id, name })) };
  if ("list" in json) return { list: json.list.map(valOf) };
  return json;
}

/** Numbers are the same whatever zeros they end with. */
const shown = (value: Val): unknown =>
  typeof value === "object" && "number" in value ? { number: print_(normal(value.number)) } : value;

const scope = (field: FieldRef): Val => {
  const name = "id" in field ? `#${field.id}` : field.code;
  return valOf(cases.fields[field.column === undefined ? name : `${name}.${field.column}`] ?? null);
};

describe("an expression", () => {
  it("is printed so that it is read as the same tree", () => {
    for (const source of [
      'u_amount > 500 and (u_kind = "Software" or not empty(#4))',
      "#1 - (#2 - 3) * -4 / 2",
      'u_vendor."Tax number" not in ("a""b", #2.City)',
      'not (u_a = 1 and u_b starts with "x")',
      'if(u_x, date("2026-01-31"), moment("2026-01-31T09:30:00Z")) = u_y',
      "round(sum(#7), 2) >= 0.25 or true",
    ]) {
      expect(print(parse(source))).toBe(source);
    }
  });

  it("says where it is wrong, in the server's places", () => {
    const fault = (source: string) => {
      const { fault } = tried(source);
      return fault && [fault.rule, fault.at];
    };
    expect(fault("1 +")).toEqual(["value_missing", 3]);
    expect(fault("u_a = ")).toEqual(["value_missing", 6]);
    expect(fault("1 < 2 < 3")).toEqual(["chained", 6]);
    expect(fault('"ab')).toEqual(["unfinished_text", 0]);
    expect(fault("tomorrow(#1)")).toEqual(["function", 0]);
    expect(fault("days(#1)")).toEqual(["arguments", 0]);
    expect(fault("#1 ? 2")).toEqual(["character", 3]);
    expect(fault("(#1 = 2")).toEqual(["missing", 7]);
    expect(fault("#1 2")).toEqual(["left_over", 3]);
    expect(fault('date("31.01.2026")')).toEqual(["literal", 5]);
    expect(tried("(".repeat(40)).fault?.rule).toBe("too_deep");
  });

  it("names its fields with their places", () => {
    const found = fieldsOf(parse("u_b = #2.City or sum(#3) > 1"));
    expect(found.map(({ at }) => at)).toEqual([0, 6, 21]);
  });

  it("is worth what the server says, and nothing in it fails", () => {
    for (const [source, expected] of cases.values) {
      const found = evaluate(parse(source), scope);
      expect(shown(found), source).toEqual(shown(valOf(expected)));
    }
    expect(holds(parse("1"), () => undefined)).toBe(false);
  });

  it("is refused for the same rule and at the same place as by the server", () => {
    for (const [source, rule, at] of cases.faults) {
      const { fault } = tried(source);
      expect([fault?.rule, fault?.at], source).toEqual([rule, at]);
    }
  });

  it("is bounded", () => {
    expect(tried(Array(500).fill("1").join("+")).fault?.rule).toBe("too_many_nodes");
    expect(tried(Array(499).fill("1").join("+")).fault).toBeUndefined();
    expect(tried(`'${"я".repeat(1_999)}'`).fault?.rule).toBe("too_long");
  });
});
