import { expect, it } from "vitest";
import { EMPTY, newKey } from "../model/doc";
import { lanesOf, rejectionTo } from "./loops";

const step = (name: string, rest: object = {}) => ({ key: newKey(), name, approvers: [], ...rest });

it("a rejection leads to the step that is named, else to the author's, else to the first", () => {
  const author = { approvers: [{ key: "a", who: "author" as const }] };
  const doc = { ...EMPTY, steps: [step("A"), step("B", author), step("C", { on_reject: 1 }), step("D")] };
  expect([0, 1, 2, 3].map((index) => rejectionTo(doc, index))).toEqual([0, 1, 0, 1]);
});

it("arrows that would lie on each other have lanes of their own, the shortest innermost", () => {
  const loops = [
    { from: 4, to: 0, named: true },
    { from: 2, to: 1, named: true },
    { from: 4, to: 3, named: true },
    { from: 3, to: 1, named: true },
  ];
  expect(lanesOf(loops)).toEqual([2, 0, 0, 1]);
});
