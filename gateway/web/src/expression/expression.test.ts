import { describe, expect, it } from "vitest";
import { evaluate, holds, type Val } from "./evaluate";
import { parse, tried } from "./parse";
import { print } from "./print";
import { fieldsOf } from "./tree";

const FIELDS: Record<string, Val> = {
  n: 12.5,
  t: "Straße 5",
  d: { date: "2026-01-31" },
  m: { moment: Date.parse("2026-01-31T09:30:00Z") },
  one: { set: [{ id: 7, name: "Urgent" }] },
  two: {
    set: [
      { id: 7, name: "Urgent" },
      { id: 8, name: "Late" },
    ],
  },
  column: { list: [1, undefined, 2.5] },
};
const value = (source: string) =>
  evaluate(parse(source), (field) => ("code" in field ? FIELDS[field.code] : field.id === 3 ? 3 : undefined));

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
    for (const [source, expected] of [
      ["n + 2 * 3", 18.5],
      ["1 / 0", undefined],
      ["0.1 + 0.2", 0.3],
      ["round(2.5) + round(-2.5)", 0],
      ["sum(column, n)", 16],
      ["count(two) + count(column)", 4],
      ["days(d, date('2026-03-01'))", 29],
      ["d + 1 = date('2026-02-01')", true],
      ["one = 7 and one = 'urgent' and two contains 'late' and not (two = 7)", true],
      ["one in (7, 9) and 7 in (two)", true],
      ["empty(nothing) and nothing = ''", true],
      ["n != nothing and not (n < nothing)", true],
      ["t starts with 'STRASSE' or t contains 'ße'", true],
      ["concat(two, '/', n)", "Urgent, Late/12.5"],
      ["max(column, #3)", 3],
      ["if(n > 12, 'much', 'little')", "much"],
    ] as const) {
      expect(value(source), source).toEqual(expected);
    }
    expect(holds(parse("1"), () => undefined)).toBe(false);
  });
});
