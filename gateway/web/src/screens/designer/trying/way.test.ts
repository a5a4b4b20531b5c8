import { expect, it } from "vitest";
import { Filled } from "~/fields/condition";
import type { Values } from "~/fields/values";
import { fromWire } from "../model/doc";
import * as edit from "../model/edit";
import type { Definition } from "../model/wire";
import { templateOf } from "./template";
import { wayOf } from "./way";

const WIRE: Definition = {
  fields: [
    { id: 1, name: "Amount", code: "u_amount", type: "money", required_step: 2 },
    { id: 2, name: "Deputy", type: "person" },
  ],
  steps: [
    { name: "Request", approvers: [{ who: "author" }] },
    { name: "Chief", approvers: [{ who: { person: 7 } }], condition: "u_amount > 500" },
    { name: "Deputy", approvers: [{ who: { field: 2 } }] },
    { name: "Note", approvers: [{ who: { person: 8 }, condition: "u_amount > 900" }] },
  ],
};

function way(values: Values) {
  const { doc, ids } = fromWire(WIRE);
  const template = templateOf(doc, ids, WIRE);
  const filled = new Filled(template.fields, values, { author: 5, step: 1 });
  const personName = (id: number) => `P${id}`;
  const asking = { filled, values, ids: template.ids, author: 5, personName, headName: "Head", owners: [9] };
  return [...wayOf(doc, asking).values()].map(({ state, people, missing }) =>
    [state, ...people, ...missing].join(" "),
  );
}

it("the way lights up as values change", () => {
  expect(way({})).toEqual(["asks P5", "skipped", "stands_in P9 Amount", "passed Amount"]);
  expect(way({ 1: { kind: "text", text: "1000" }, 2: { kind: "person", id: 6 } })).toEqual([
    "asks P5",
    "asks P7",
    "asks P6",
    "asks P8",
  ]);
});

it("a field that is new can be filled in as well", () => {
  const { doc, ids } = fromWire(WIRE);
  const field = edit.fresh("multiple_choice", "Kind", String);
  const next = edit.insert(doc, field, { in: "root" }, 0);
  const template = templateOf(next, ids, WIRE);
  expect(template.fields.map(({ id }) => id)).toEqual([3, 1, 2]);
  expect(template.fields[0]?.info.options?.map(({ choice_id }) => choice_id)).toEqual([1, 2]);
});
