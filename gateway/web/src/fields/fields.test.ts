import { describe, expect, it } from "vitest";
import type { Field, TemplateField } from "~/api/types";
import { messages } from "~/i18n/en";
import { defaultOf, Filled } from "./condition";
import { asDigits } from "./digits";
import { matching } from "./matching";
import { fromRead, valuesOf } from "./read";
import { fieldNamed, misfit, validate } from "./validate";
import type { Input, Values } from "./values";
import { changed, same, toWrite, written } from "./write";

const t = messages.fields;
const field = (id: number, type: string, more: Partial<TemplateField> = {}): TemplateField => ({
  id,
  type: type as TemplateField["type"],
  name: `Field ${id}`,
  code: `u_${id}`,
  ...more,
  info: { ...more.info },
});
const text = (text: string): Input => ({ kind: "text", text });
const choices = (...ids: number[]): Input => ({ kind: "choices", ids });
const photo = { kept_file: "one", name: "a.png", size: 6 };
const about = { author: 12, step: 1 };

const FORM: TemplateField[] = [
  field(1, "money", { info: { required_step: 1 } }),
  field(2, "multiple_choice", {
    info: {
      options: [
        { choice_id: 1, choice_value: "Red", fields: [field(21, "text", { info: { required_step: 1 } })] },
        { choice_id: 2, choice_value: "Blue" },
        { choice_id: 3, choice_value: "Gone", deleted: true },
      ],
    },
  }),
  field(3, "title", { info: { checkmark: true, fields: [field(31, "text")] } }),
  field(4, "table", {
    info: { columns: [field(41, "text", { info: { required_step: 1 } }), field(42, "money")] },
  }),
  field(5, "money", { info: { formula: "sum(#42) * 1.19" } }),
  field(6, "text", { visibility_condition: { expression: "u_1 > 1000 or u_5 > 1000" } }),
  field(7, "catalog", { info: { catalog_id: 1 } }),
];
const rows = (...amounts: (string | undefined)[]): Input => ({
  kind: "rows",
  rows: amounts.map((amount, row_id) => ({
    row_id,
    cells: { 41: text("a"), 42: amount === undefined ? undefined : text(amount) },
  })),
});
const filled = (values: Values) => new Filled(FORM, values, about);
const visible = (values: Values, id: number) => {
  const all = filled(values);
  const one = all.find(id);
  return one !== undefined && all.isVisible(one);
};

describe("a form's conditions", () => {
  it("show a field where its condition holds, also over computed fields", () => {
    expect(visible({}, 6)).toBe(false);
    expect(visible({ 1: text("1000.00") }, 6)).toBe(false);
    expect(visible({ 1: text("1000.01") }, 6)).toBe(true);
    expect(visible({ 4: rows("500", "400") }, 6)).toBe(true);
  });

  it("show what belongs to a choice while it is chosen, and to a section while it is opened", () => {
    expect([visible({}, 21), visible({ 2: choices(1) }, 21), visible({ 2: choices(2) }, 21)]).toEqual([
      false,
      true,
      false,
    ]);
    expect([visible({}, 31), visible({ 3: { kind: "checked", checked: true } }, 31)]).toEqual([false, true]);
  });

  it("work out fields exactly", () => {
    const all = filled({ 4: rows("0.1", undefined, "0.2") });
    expect(all.computed(FORM[4] as TemplateField)).toEqual(text("0.357"));
    const places = field(9, "number", { info: { formula: "2.5", decimal_places: 0 } });
    expect(all.computed(places), "to the even neighbour, as the server").toEqual(text("2"));
    expect(all.computed(field(9, "text", { info: { formula: "2.5" } })), "of another type").toBeUndefined();
  });

  it("read a catalog's items by their names and columns", () => {
    const items: Input = {
      kind: "items",
      headers: ["Name", "City"],
      items: [{ id: 4, values: ["Acme", "Bonn"] }],
    };
    const all = filled({ 7: items });
    for (const condition of ["u_7 = 'acme'", "u_7 = 4", "u_7.CITY = 'bonn'", "empty(u_7.Country)"])
      expect(all.holds(condition), condition).toBe(true);
    expect(all.holds("tomorrow("), "what is not understood").toBe(false);
  });

  it("fill in defaults as the server would", () => {
    const catalog = { headers: ["Name"], items: [{ id: 9, values: ["Acme"] }] };
    const of = (type: string, default_value: string, info = {}) =>
      defaultOf(field(1, type, { default_value, info }), catalog);
    expect(of("money", "10.50")).toEqual(text("10.50"));
    expect(of("checkmark", "checked")).toEqual({ kind: "checked", checked: true });
    expect(of("person", '{"id":7}')).toEqual({ kind: "person", id: 7 });
    expect(of("multiple_choice", '{"choice_names":["Blue"]}', FORM[1]?.info)).toEqual(choices(2));
    expect(of("multiple_choice", "3", FORM[1]?.info), "taken out").toBeUndefined();
    expect(of("catalog", "Acme")).toMatchObject({ kind: "items", items: [{ id: 9 }] });
  });
});

describe("values", () => {
  it("are the same after they were read and written", () => {
    const cases: [string, unknown, unknown][] = [
      ["text", "two\nlines", "two\nlines"],
      ["money", 240, "240"],
      ["number", "10306.25", "10306.25"],
      ["number", 1e-7, "0.0000001"],
      ["checkmark", "checked", "checked"],
      ["flag", "unchecked", "unchecked"],
      ["person", { id: 7, first_name: "A" }, { id: 7 }],
      ["multiple_choice", { choice_id: 2, choice_ids: [2] }, { choice_ids: [2] }],
      ["catalog", { item_ids: [4, 5], rows: [["a"], ["b"]] }, { item_ids: [4, 5] }],
      ["form_link", { task_id: 5, subject: "x" }, { task_ids: [5] }],
      ["title", { checkmark: "checked", fields: [] }, { checkmark: "checked" }],
    ];
    for (const [type, value, wanted] of cases) {
      expect(toWrite(field(1, type), fromRead({ type: type as Field["type"], value })).value, type).toEqual(
        wanted,
      );
    }
    const due = fromRead({ type: "due_date_time", value: "2026-05-01T10:00:00Z", duration: "140" });
    expect(toWrite(field(1, "due_date_time"), due)).toEqual({
      id: 1,
      value: "2026-05-01T10:00:00Z",
      duration: 140,
    });
  });

  it("break nothing when they are not what they should be", () => {
    for (const type of [
      "money",
      "person",
      "catalog",
      "multiple_choice",
      "table",
      "form_link",
      "due_date",
      "unheard_of",
    ])
      for (const value of [null, "", {}, [], [[]], { id: "x" }, { item_ids: "x" }, 5, "x", [null]])
        expect(() => fromRead({ type: type as Field["type"], value: value as never })).not.toThrow();
  });

  it("empty a field by nothing", () => {
    expect(toWrite(field(1, "text"), undefined).value).toBeNull();
    expect(toWrite(field(1, "flag"), undefined).value).toBe("none");
  });

  it("tell only what changed, and of tables which rows", () => {
    const before = valuesOf([
      { id: 1, type: "money", name: "", value: 5 },
      {
        id: 4,
        type: "table",
        name: "",
        value: [
          { row_id: 0, position: 0, cells: [{ id: 42, type: "money", name: "", value: 1 }] },
          { row_id: 3, position: 1, cells: [{ id: 42, type: "money", name: "", value: 2 }] },
        ],
      },
    ]);
    expect(changed(FORM, before, before)).toEqual([]);
    const next: Values = {
      ...before,
      4: {
        kind: "rows",
        rows: [
          { row_id: 3, cells: { 42: text("2.50") } },
          { row_id: 4, cells: {} },
        ],
      },
    };
    expect(changed(FORM, next, before)).toEqual([
      {
        id: 4,
        value: [
          { row_id: 0, delete: true },
          { row_id: 3, cells: [{ id: 42, value: "2.50" }] },
          { row_id: 4, position: 1, cells: [] },
        ],
      },
    ]);
  });

  it("say where rows are when they were moved", () => {
    const before = rows("1", "2");
    const moved: Input = { kind: "rows", rows: before.kind === "rows" ? [...before.rows].reverse() : [] };
    const { value } = toWrite(FORM[3] as TemplateField, moved, before);
    expect(value).toEqual([
      { row_id: 1, position: 0, cells: [] },
      { row_id: 0, position: 1, cells: [] },
    ]);
  });

  it("of what is hidden or worked out are not written", () => {
    const values: Values = {
      1: text("5"),
      2: choices(2),
      5: text("9"),
      6: text("hidden"),
      21: text("hidden"),
    };
    const all = filled(values);
    expect(written(FORM, values, all.isVisible).map(({ id }) => id)).toEqual([1, 2]);
  });

  it("are compared as people see them", () => {
    expect(same(text(""), undefined)).toBe(true);
    expect(
      same(
        { kind: "items", headers: ["a"], items: [{ id: 1, values: ["x"] }] },
        { kind: "items", headers: [], items: [{ id: 1, values: [] }] },
      ),
    ).toBe(true);
    expect(same(text("1"), text("2"))).toBe(false);
  });
});

describe("what is wrong", () => {
  it("is said of each type", () => {
    const wrong = (type: string, value: string, info = {}) =>
      misfit(field(1, type, { info }), text(value), t);
    expect(wrong("money", "ten")).toBe(t.wrong.number);
    expect(wrong("money", "1".repeat(40))).toBe(t.wrong.digits);
    expect(wrong("number", "1.505", { decimal_places: 2 })).toBe(t.wrong.decimalPlaces(2));
    expect(wrong("number", "1.500", { decimal_places: 1 })).toBeUndefined();
    expect(wrong("email", "nobody")).toBe(t.wrong.email);
    expect(wrong("date", "2023-02-29")).toBe(t.wrong.date);
    expect(wrong("date", "2024-02-29")).toBeUndefined();
    expect(wrong("time", "25:00")).toBe(t.wrong.time);
    expect(wrong("text", "a\u0001")).toBe(t.wrong.control);
    expect(wrong("text", "two\r\nlines\t")).toBeUndefined();
    expect(wrong("text", "x".repeat(60_001))).toBe(t.wrong.tooLong(60_000));
    expect(misfit(FORM[1] as TemplateField, choices(3), t)).toBe(t.wrong.choice);
    expect(misfit(FORM[1] as TemplateField, choices(1, 2), t)).toBe(t.wrong.several);
  });

  it("names fields that are required, shown and empty, and cells by their rows", () => {
    const values: Values = {
      2: choices(1),
      4: { kind: "rows", rows: [{ row_id: 8, cells: { 42: text("x") } }] },
    };
    const errors = validate(FORM, values, filled(values).isVisible, t, 1);
    expect(errors).toEqual({
      1: t.wrong.required,
      21: t.wrong.required,
      4: { message: t.wrong.cells(t.row(1)), cells: { 8: { 41: t.wrong.required, 42: t.wrong.number } } },
    });
    expect(validate(FORM, {}, filled({}).isVisible, t), "as one types").toEqual({});
  });

  it("is put to the field that the server names", () => {
    const fields = [field(1, "text", { name: "Amount" }), field(2, "text", { name: "Amount: net" })];
    expect(fieldNamed("Amount: net: too long", fields)?.id).toBe(2);
    expect(fieldNamed("Amount: too long", fields)?.id).toBe(1);
    expect(fieldNamed("not allowed", fields)).toBeUndefined();
  });
});

describe("what is typed", () => {
  it("is taken for a number in any of the usual spellings", () => {
    for (const [typed, wanted] of [
      ["1 200,50", "1200.50"],
      ["1,200.50", "1200.50"],
      ["1'200.50", "1200.50"],
      ["0,5", "0.5"],
      ["-7", "-7"],
      ["12,", "12."],
    ] as const)
      expect(asDigits(typed)).toBe(wanted);
  });

  it("finds items of a catalog by any of their cells", () => {
    const items = [
      { id: 1, values: ["Altmann Optics", "Hamburg"] },
      { id: 2, values: ["Hamburg Steel", "Riga"] },
      { id: 3, values: ["Copperline", "Leeds"] },
    ];
    const found = (text: string, most = 10) => matching(items, text, most).map(({ id }) => id);
    expect(found("hamb")).toEqual([2, 1]);
    expect(found("hamb", 1)).toEqual([2]);
    expect(found("op leeds")).toEqual([3]);
    expect(found("al*opt")).toEqual([1]);
    expect(found("")).toEqual([1, 2, 3]);
  });
});

describe("fields of files", () => {
  const scan = field(8, "file", { info: { required_step: 1 } });
  const read: Field = {
    id: 8,
    type: "file",
    name: "Scan",
    value: [{ id: 57, name: "b.pdf", size: 3, md5: "x", url: "/services/attachment?Id=57", version: 1 }],
  };
  const had = { attachment_id: 57, name: "b.pdf", size: 3, url: "/services/attachment?Id=57", version: 1 };

  it("are written as the whole list, those that stay among them", () => {
    const before = fromRead(read);
    expect(before).toEqual({ kind: "files", files: [had] });
    expect(toWrite(scan, { kind: "files", files: [had, photo] })).toEqual({ id: 8, value: [had, photo] });
    expect(toWrite(scan, undefined)).toEqual({ id: 8, value: null });
    expect(changed([scan], { 8: before }, { 8: before })).toEqual([]);
    expect(changed([scan], { 8: { kind: "files", files: [photo] } }, { 8: before })).toEqual([
      { id: 8, value: [photo] },
    ]);
  });

  it("are asked for where they are required, and hold a hundred files at most", () => {
    expect(validate([scan], {}, () => true, t, 1)).toEqual({ 8: t.wrong.required });
    expect(validate([scan], { 8: { kind: "files", files: [photo] } }, () => true, t, 1)).toEqual({});
    const many: Input = { kind: "files", files: Array(101).fill(photo) };
    expect(misfit(scan, many, t)).toBe("At most 100 files");
  });

  it("stand in cells of tables as well", () => {
    const table = field(9, "table", { info: { columns: [field(91, "file")] } });
    const row = { row_id: 0, cells: { 91: { kind: "files", files: [photo] } as Input } };
    expect(toWrite(table, { kind: "rows", rows: [row] })).toEqual({
      id: 9,
      value: [{ row_id: 0, position: 0, cells: [{ id: 91, value: [photo] }] }],
    });
  });
});
