import { describe, expect, it } from "vitest";
import type { TemplateField } from "~/api/types";
import { type RegisterTask, sorted } from "./columns";
import { byChoice, byMonth, byStep, timesOf } from "./counting";
import { merged } from "./merge";
import { moveOf } from "./moves";
import { asked, EVERYTHING, type RegisterQuery, readAsked } from "./query";
import { fromSaved, isSame, type Shown, toSave } from "./views";

const field = (id: number, type: string): TemplateField => ({
  id,
  type: type as TemplateField["type"],
  name: `Field ${id}`,
  info: {},
});
const FIELDS = [
  field(1, "text"),
  field(2, "money"),
  field(3, "date"),
  field(4, "checkmark"),
  field(5, "person"),
  field(6, "multiple_choice"),
];
const task = (id: number, more: Partial<RegisterTask> = {}): RegisterTask => ({
  id,
  text: `Task ${id}`,
  author: { id: 1, type: "user" },
  create_date: "2026-01-01T00:00:00Z",
  last_modified_date: "2026-01-01T00:00:00Z",
  ...more,
});

describe("what is asked of a register", () => {
  it("is nothing where everything open is wanted", () => {
    expect(asked(EVERYTHING, FIELDS)).toEqual({});
  });

  it("is written in the dialect's mini-language, and read back as it was", () => {
    const query: RegisterQuery = {
      state: "closed",
      steps: [1, 3],
      text: "chairs",
      due: "overdue_on_step",
      created: { from: "2026-01-05", to: "2026-02-01" },
      fields: {
        1: { is: "one_of", values: ["gt5, or so"] },
        2: { is: "between", above: "10.5", below: "20" },
        3: { is: "between", below: "2026-05-01" },
        4: { is: "one_of", values: ["checked"] },
        5: { is: "one_of", values: ["12", "13"] },
        6: { is: "empty" },
      },
    };
    const body = asked(query, FIELDS);
    expect(body).toMatchObject({
      include_archived: true,
      steps: [1, 3],
      include_text: "chairs",
      due_filter: "overdue_on_step",
      fld1: ["eq.gt5, or so"],
      fld2: "gt10.5,lt20",
      fld3: "lt2026-05-01",
      fld4: ["checked"],
      fld5: ["12", "13"],
      fld6: "empty",
    });
    expect(readAsked(body, FIELDS)).toEqual(query);
  });

  it("is read from what other clients saved, and what is not understood is left out", () => {
    const read = readAsked(
      { form_id: 1, include_archived: "y", steps: "1,2", fld2: "gt5", fld5: 12, fld99: "x", fld1: "*" },
      FIELDS,
    );
    expect(read).toEqual({
      state: "all",
      steps: [1, 2],
      text: "",
      fields: { 1: { is: "filled" }, 2: { is: "between", above: "5" }, 5: { is: "one_of", values: ["12"] } },
    });
  });

  it("asks for no words where there is no letter", () => {
    expect(asked({ ...EVERYTHING, text: " -- " }, FIELDS)).toEqual({});
  });
});

describe("a view", () => {
  const shown: Shown = {
    view: "board",
    query: { ...EVERYTHING, fields: { 2: { is: "between", above: "5" } } },
    columns: [
      { id: "title", width: 300 },
      { id: "f2", width: 90 },
    ],
    sort: { by: "f2", descending: true },
  };

  it("is saved in the API's words and shown again as it was, but for widths", () => {
    const saved = toSave(7, shown, FIELDS);
    expect(saved).toEqual({
      query: { form_id: 7, fld2: "gt5" },
      presentation: { view: "board", columns: ["title", 2], sort: { by: 2, descending: true } },
    });
    const again = fromSaved({ id: 1, name: "x", ...saved, shared: false, can_change: true }, FIELDS, []);
    expect(again).toEqual({
      ...shown,
      columns: [
        { id: "title", width: 320 },
        { id: "f2", width: 120 },
      ],
    });
    expect(isSame(saved, toSave(7, again, FIELDS))).toBe(true);
    expect(isSame(saved, toSave(7, { ...again, sort: { by: "f2", descending: false } }, FIELDS))).toBe(false);
  });

  it("leaves out what the form has no more", () => {
    const gone = {
      query: { form_id: 7, fld99: "x" },
      presentation: { view: "pie", columns: [99, "step"], sort: { by: 99 } },
    };
    const read = fromSaved({ id: 1, name: "x", ...gone, shared: false, can_change: true }, FIELDS, []);
    expect(read).toEqual({ view: "table", query: EVERYTHING, columns: [{ id: "step", width: 170 }] });
  });
});

describe("what is counted", () => {
  it("is by step in the order of the route, with those where nothing stands", () => {
    const rows = [task(1, { current_step: 2 }), task(2, { current_step: 2 }), task(3)];
    expect(byStep(rows, { "1": "Request", "2": "Chief" })).toEqual([
      { name: "", count: 1 },
      { name: "Request", count: 0 },
      { name: "Chief", count: 2 },
    ]);
  });

  it("is by choice, the most chosen first and what is empty last", () => {
    const kind = {
      ...field(6, "multiple_choice"),
      info: { options: [{ choice_id: 1, choice_value: "Red" }] },
    };
    const chose = (id: number, ids: number[]) =>
      task(id, { fields: [{ id: 6, type: "multiple_choice", name: "", value: { choice_ids: ids } }] });
    expect(byChoice([chose(1, [2]), chose(2, [1]), chose(3, [1, 2]), chose(4, [1]), task(5)], kind)).toEqual([
      { name: "Red", count: 3 },
      { name: "№ 2", count: 2 },
      { name: "", count: 1 },
    ]);
  });

  it("is by month without gaps", () => {
    const made = (create_date: string) => task(1, { create_date });
    expect(byMonth([made("2025-12-31T23:00:00Z"), made("2026-02-01T00:00:00Z"), made("bad")])).toEqual([
      { name: "2025-12", count: 1 },
      { name: "2026-01", count: 0 },
      { name: "2026-02", count: 1 },
    ]);
  });

  it("is how long a step took, of everybody together", () => {
    const sum = (step: number, decisions: number, seconds: number, longest_seconds: number) => ({
      step,
      step_name: "Old name",
      decisions,
      seconds,
      longest_seconds,
    });
    expect(timesOf([sum(2, 1, 30, 30), sum(1, 2, 10, 8), sum(2, 2, 60, 50)], { "1": "Request" })).toEqual([
      { name: "Request", decisions: 2, average: 5, longest: 8 },
      { name: "Old name", decisions: 3, average: 30, longest: 50 },
    ]);
  });
});

describe("rows", () => {
  const amount = (id: number, value?: unknown) =>
    task(id, { fields: [{ id: 2, type: "money", name: "", ...(value === undefined ? {} : { value }) }] });

  it("are ordered by a column, exactly, with what is empty last", () => {
    const rows = [amount(1, "10"), amount(2), amount(3, "9.50"), amount(4, "9.5")];
    const ids = (descending: boolean) => sorted(rows, { by: "f2", descending }).map(({ id }) => id);
    expect(ids(false)).toEqual([3, 4, 1, 2]);
    expect(ids(true)).toEqual([1, 3, 4, 2]);
  });

  it("change, enter and leave while one looks", () => {
    const held = { tasks: [task(9), task(7), task(5)], has_more: true, at: 0 };
    const next = merged(held, [7, 8, 3, 9], [task(9, { text: "new" }), task(8), task(3)], false);
    expect(next.tasks.map(({ id, text }) => [id, text])).toEqual([
      [9, "new"],
      [8, "Task 8"],
      [5, "Task 5"],
    ]);
    const whole = merged({ ...held, has_more: false }, [3], [task(3)], false);
    expect(whole.tasks.at(-1)?.id, "after the last where there is no more").toBe(3);
  });
});

describe("a card put into another column", () => {
  const mine = new Set([1, 40]);
  const asks = (person: number, approval_choice: string, step = 2) => ({
    person: { id: person, type: "user" },
    approval_choice,
    step,
  });
  const at = (...approvals: ReturnType<typeof asks>[]) =>
    task(1, { current_step: 2, approvals: [[], approvals] });

  it("is approved onward and rejected back by who is asked, also through a role", () => {
    expect(moveOf(at(asks(1, "waiting")), 3, mine)).toEqual({ kind: "approve" });
    expect(moveOf(at(asks(40, "waiting")), 5, mine)).toEqual({ kind: "approve" });
    expect(moveOf(at(asks(1, "waiting")), 1, mine)).toEqual({ kind: "reject" });
  });

  it("stays where the route does not let it go, and it is said why", () => {
    const why = (row: RegisterTask, to: number) => {
      const move = moveOf(row, to, mine);
      return move.kind === "none" ? move.why : move.kind;
    };
    expect(why(at(asks(1, "waiting")), 2)).toBe("here");
    expect(why(at(asks(2, "waiting")), 3)).toBe("not_asked");
    expect(why(at(asks(1, "waiting", 1)), 3)).toBe("not_asked");
    expect(why(at(asks(1, "approved")), 3)).toBe("answered");
    expect(why({ ...at(asks(1, "waiting")), is_closed: true }, 3)).toBe("closed");
    expect(why(task(1, { current_step: 1, approvals: [[asks(1, "waiting", 1)]] }), 0)).toBe("began");
  });
});
