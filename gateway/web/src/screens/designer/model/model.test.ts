import { describe, expect, it } from "vitest";
import { parse } from "~/expression/parse";
import { flaws, placeOf } from "./check";
import { rowsOf, sourceOf } from "./condition";
import { consequences, difference } from "./differ";
import { type Doc, find, fromWire, placed, takeIds, toWire } from "./doc";
import * as edit from "./edit";
import { begun, did, redone, undone } from "./history";
import type { Definition } from "./wire";

const WIRE: Definition = {
  fields: [
    { id: 1, name: "Amount", code: "u_amount", type: "money", required_step: 2 },
    {
      id: 2,
      name: "Kind",
      type: "multiple_choice",
      options: [
        { choice_id: 1, choice_value: "Goods" },
        { choice_id: 2, choice_value: "Other", fields: [{ id: 3, name: "Which", type: "text" }] },
        { choice_id: 3, choice_value: "Gone", deleted: true },
      ],
    },
    { id: 4, name: "More", type: "title", fields: [{ id: 5, name: "Who", type: "person" }] },
    { id: 6, name: "Rows", type: "table", columns: [{ id: 7, name: "Price", type: "money" }] },
    { id: 8, name: "Old", type: "text", deleted: true },
  ],
  steps: [
    { name: "Request", approvers: [{ who: "author" }], rule: "everyone" },
    { name: "Chief", approvers: [{ who: { field: 5 }, condition: "u_amount > 5" }], rule: { at_least: 1 } },
    { name: "Order", on_reject: 2, rule: "first" },
  ],
  auto_close: true,
};
const names = (doc: Doc) => placed(doc).map(({ field }) => field.name);

describe("a definition that is worked on", () => {
  it("goes back to the server as it came, but for what was deleted", () => {
    const { doc, ids } = fromWire(WIRE);
    const { definition, whole } = toWire(doc, ids);
    expect(whole).toBe(true);
    const [amount, kind, more, rows] = WIRE.fields;
    const live = { ...kind, options: kind?.options?.slice(0, 2) };
    expect(definition.fields).toEqual([amount, live, more, rows]);
    expect(definition.steps).toEqual([
      WIRE.steps?.[0],
      WIRE.steps?.[1],
      { ...WIRE.steps?.[2], approvers: [] },
    ]);
  });

  it("moves fields between lists, never into themselves, and never too deep", () => {
    const { doc } = fromWire(WIRE);
    const inSection = edit.move(doc, "f1", { in: "section", key: "f4" }, 0);
    expect(names(inSection)).toEqual(["Kind", "Which", "More", "Amount", "Who", "Rows", "Price"]);
    expect(edit.move(doc, "f4", { in: "section", key: "f4" }, 0)).toBe(doc);
    expect(edit.move(doc, "f6", { in: "table", key: "f6" }, 0)).toBe(doc);
    expect(edit.move(doc, "f4", { in: "table", key: "f6" }, 0)).toBe(doc);
    const down = edit.move(doc, "f1", { in: "root" }, 2);
    expect(names(down).slice(0, 3)).toEqual(["Kind", "Which", "Amount"]);
    expect(edit.move(doc, "f1", { in: "root" }, 1)).toBe(doc);
    const sections = ["a", "b", "c"].reduce((next, name, depth) => {
      const field = { ...edit.fresh("title", name, String), key: name };
      const place =
        depth === 0 ? { in: "root" as const } : { in: "section" as const, key: "abc"[depth - 1] ?? "" };
      return edit.insert(next, field, place, 0);
    }, doc);
    expect(edit.move(sections, "f4", { in: "section", key: "c" }, 0)).toBe(sections);
    expect(edit.move(sections, "f1", { in: "section", key: "c" }, 0)).not.toBe(sections);
  });

  it("nudges a field among its neighbours and at the edge out of what it lies in", () => {
    const { doc } = fromWire(WIRE);
    expect(names(edit.nudge(doc, "f1", 1)).slice(0, 3)).toEqual(["Kind", "Which", "Amount"]);
    expect(edit.nudge(doc, "f1", -1)).toBe(doc);
    expect(names(edit.nudge(doc, "f5", -1))).toEqual([
      "Amount",
      "Kind",
      "Which",
      "Who",
      "More",
      "Rows",
      "Price",
    ]);
    expect(names(edit.nudge(doc, "f5", 1))).toEqual([
      "Amount",
      "Kind",
      "Which",
      "More",
      "Who",
      "Rows",
      "Price",
    ]);
  });

  it("leaves what did not change the very same", () => {
    const { doc } = fromWire(WIRE);
    const next = edit.change(doc, "f3", { name: "What" });
    expect(next.fields[0]).toBe(doc.fields[0]);
    expect(next.fields[2]).toBe(doc.fields[2]);
    expect(find(next, "f3")?.field.name).toBe("What");
  });

  it("keeps the number of a step meaning that step when steps move, come and go", () => {
    const { doc } = fromWire(WIRE);
    const chief = doc.steps[1]?.key ?? "";
    const moved = edit.moveStep(doc, chief, 0);
    expect(moved.steps.map(({ name }) => name)).toEqual(["Chief", "Request", "Order"]);
    expect([find(moved, "f1")?.field.required_step, moved.steps[2]?.on_reject]).toEqual([1, 1]);
    const added = edit.addStep(doc, 1, "Check");
    expect([find(added, "f1")?.field.required_step, added.steps[3]?.on_reject]).toEqual([3, 3]);
    const removed = edit.removeStep(doc, chief);
    expect([find(removed, "f1")?.field.required_step, removed.steps[1]?.on_reject]).toEqual([2, undefined]);
  });

  it("gets the server's ids for what is new, and keeps them through undo and redo", () => {
    const { doc, ids } = fromWire(WIRE);
    const field = edit.fresh("multiple_choice", "Colour", (number) => `Choice ${number}`);
    let history = did(begun(doc), edit.insert(doc, field, { in: "root" }, 1), undefined, 0);
    const sent = toWire(history.now, ids).definition;
    const answer: Definition = structuredClone({
      ...WIRE,
      fields: [...sent.fields, ...WIRE.fields.slice(4)],
    });
    const given = answer.fields[1];
    if (given)
      Object.assign(given, {
        id: 9,
        options: given.options?.map((one, at) => ({ ...one, choice_id: at + 1 })),
      });
    const taken = takeIds(history.now, answer, ids);
    expect(taken.get(field.key)).toBe(9);
    history = redone(undone(history));
    const again = toWire(history.now, taken).definition.fields[1];
    expect([again?.id, again?.options?.map(({ choice_id }) => choice_id)]).toEqual([9, [1, 2]]);
  });

  it("sends an approver from a new field only once the field has its id", () => {
    const { doc, ids } = fromWire(WIRE);
    const field = edit.fresh("person", "Deputy", String);
    let next = edit.insert(doc, field, { in: "root" }, 0);
    const step = next.steps[0];
    if (step)
      next = edit.changeStep(next, step.key, { approvers: [edit.freshApprover({ field: field.key })] });
    expect(toWire(next, ids)).toMatchObject({
      whole: false,
      definition: { steps: [{ approvers: [] }, {}, {}] },
    });
    const known = new Map(ids).set(field.key, 9);
    expect(toWire(next, known)).toMatchObject({
      whole: true,
      definition: { steps: [{ approvers: [{ who: { field: 9 } }] }, {}, {}] },
    });
  });

  it("joins changes of the same thing that follow closely, and undoes the rest one by one", () => {
    let history = begun("");
    history = did(history, "a", "name", 0);
    history = did(history, "ab", "name", 500);
    history = did(history, "abc", "name", 5_000);
    history = did(history, "abcd", "code", 5_100);
    expect(undone(history).now).toBe("abc");
    expect(undone(undone(history)).now).toBe("ab");
    expect(undone(undone(undone(history))).now).toBe("");
    expect(redone(undone(history)).now).toBe("abcd");
    expect(did(undone(history), "x", "code", 5_200).future).toEqual([]);
  });
});

describe("flaws of a definition", () => {
  it("are told where they are", () => {
    let { doc, ids } = fromWire(WIRE);
    expect(flaws(doc, ids)).toEqual([]);
    doc = edit.change(doc, "f1", { name: " ", code: "1st" });
    doc = edit.change(doc, "f5", { visible_if: "u_gone = 1 and" });
    doc = edit.change(doc, "f7", { code: "u_x" });
    doc = edit.change(doc, "f3", { code: "u_x", formula: "#99" });
    doc = edit.remove(doc, "f5");
    const found = flaws(doc, ids).map(({ where, rule }) => [where.field ?? where.property, rule]);
    expect(found).toEqual([
      ["f1", "name_missing"],
      ["f1", "code"],
      ["f3", "unknown_field"],
      ["f7", "code_taken"],
      ["approvers", "approver_gone"],
      ["approvers", "unknown_field"],
    ]);
  });

  it("that the server names are found, in new fields too", () => {
    const { doc, ids } = fromWire(WIRE);
    const field = edit.fresh("text", "New", String);
    const next = edit.insert(doc, field, { in: "root" }, 1);
    expect(placeOf("field 9 (New): a field needs a name", next, ids, WIRE)).toEqual({ field: field.key });
    expect(placeOf("field 5 (Who): …", next, ids, WIRE)).toEqual({ field: "f5" });
    expect(placeOf("step 2 (Chief): …", next, ids, WIRE)).toEqual({ step: next.steps[1]?.key });
    expect(placeOf("something else", next, ids, WIRE)).toBeUndefined();
  });
});

describe("a condition in rows", () => {
  it("comes back from what it wrote", () => {
    for (const source of [
      "u_amount > 500",
      'u_amount >= 500 and (u_kind = 2 or u_kind in (3, 4)) and #5.City starts with "Bo"',
      "u_flag or not u_other or empty(#4)",
      'not u_tags contains "red" and u_tags not in (1, 2)',
      'u_day < date("2026-01-31") and u_sum > -5',
    ]) {
      const rows = rowsOf(parse(source));
      expect(rows && sourceOf(rows), source).toBe(source);
    }
  });

  it("reads what says the same in other words", () => {
    const said = (source: string) => {
      const rows = rowsOf(parse(source));
      return rows && sourceOf(rows);
    };
    expect(said("500 < u_amount")).toBe("u_amount > 500");
    expect(said("u_flag = false")).toBe("not u_flag");
    expect(said("not (u_a = 1)")).toBe("u_a != 1");
    expect(said("u_a != ''")).toBe("filled(u_a)");
  });

  it("leaves to the text what rows cannot say", () => {
    for (const source of ["u_a + 1 > 5", "u_a = u_b", "sum(#7) > 1", "not (u_a = 1 and u_b = 2)"])
      expect(rowsOf(parse(source)), source).toBeUndefined();
  });

  it("is silent of rows without a value", () => {
    expect(sourceOf({ join: "all", parts: [{ field: { code: "u_a" }, operator: "is", values: [] }] })).toBe(
      "",
    );
  });
});

describe("the difference of two versions", () => {
  it("is told by fields, choices and steps, and what follows for running tasks", () => {
    const after = structuredClone(WIRE);
    const [amount, kind, more] = after.fields;
    if (amount) Object.assign(amount, { name: "Sum", required_step: 1 });
    if (kind?.options?.[0]) kind.options[0].choice_value = "Things";
    if (more) more.deleted = true;
    after.fields.push({ id: 9, name: "New", type: "date" });
    after.steps = [
      { name: "Request", approvers: [{ who: "author" }], rule: "everyone" },
      { name: "Check", approvers: [{ who: { person: 7 } }] },
      { name: "Chief", approvers: [{ who: { field: 5 }, condition: "u_amount > 9" }], rule: { at_least: 1 } },
    ];
    after.auto_close = false;
    const changes = difference(WIRE, after);
    expect(changes.map(({ on, what, name }) => `${on} ${what} ${name}`)).toEqual([
      "field changed Sum",
      "field changed Kind",
      "field added New",
      "field removed More",
      "field removed Who",
      "step added Check",
      "step changed Chief",
      "step removed Order",
      "form changed ",
    ]);
    expect(changes[0]?.details.map(({ property }) => property)).toEqual(["name", "required_step"]);
    expect(consequences(changes).map(({ kind }) => kind)).toEqual([
      "required",
      "field_removed",
      "field_removed",
      "step_added",
      "steps_moved",
      "approvers",
      "step_removed",
      "auto_close",
    ]);
    expect(difference(WIRE, structuredClone(WIRE))).toEqual([]);
  });
});
