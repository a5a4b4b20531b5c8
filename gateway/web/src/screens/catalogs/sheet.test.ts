import { describe, expect, it } from "vitest";
import { guessed, laid } from "./importing";
import * as sheet from "./sheet";

const VENDORS: sheet.Catalog = {
  catalog_id: 1,
  name: "Vendors",
  version: 3,
  source_type: "default",
  deleted: false,
  catalog_headers: [
    { name: "Name", type: "text" },
    { name: "City", type: "text" },
    { name: "Buyer", type: "workflow" },
  ],
  items: [
    { item_id: 1, values: ["Acme", "Bonn", "7"] },
    { item_id: 2, values: ["Beta", "Ulm", ""] },
    { item_id: 3, values: ["Gone", "", ""], deleted: true },
  ],
};
const line = (staged: sheet.Staged, at: number) => {
  const found = sheet.linesOf(VENDORS, staged)[at];
  if (!found) throw new Error("no such line");
  return found;
};
const set = (staged: sheet.Staged, at: number, column: string, text: string) =>
  sheet.setCell(VENDORS, staged, line(staged, at), column, text);

describe("a catalog that is worked on", () => {
  it("has its changes beside it, and a change that is taken back is none", () => {
    let staged = set(sheet.NOTHING, 0, "c1", "Köln");
    expect(sheet.countsOf(staged)).toEqual({ added: 0, changed: 1, removed: 0, columns: false });
    staged = set(staged, 0, "c1", "Bonn");
    expect(sheet.isNothing(staged)).toBe(true);
  });

  it("sends only what changed; a row that is renamed is one that goes and one that comes", () => {
    let staged = set(sheet.NOTHING, 0, "c0", "Acme Ltd");
    staged = sheet.toggleLine(staged, line(staged, 1));
    staged = set(sheet.addLine(staged), 2, "c0", "Delta");
    expect(sheet.diffOf(VENDORS, staged)).toEqual({
      upsert: [{ values: ["Acme Ltd", "Bonn", "7"] }, { values: ["Delta", "", ""] }],
      delete: ["Acme", "Beta"],
    });
    staged = set(staged, 2, "c0", "Beta");
    expect(sheet.diffOf(VENDORS, staged).delete).toEqual(["Acme"]);
  });

  it("sends all of it where columns change, people's columns last", () => {
    const columns: sheet.Column[] = [
      { key: "c0", name: "Vendor", kind: "text" },
      { key: "n1", name: "Country", kind: "text" },
      { key: "c1", name: "City", kind: "text" },
      { key: "n2", name: "Head", kind: "workflow" },
    ];
    const rows = sheet.linesOf(VENDORS, sheet.NOTHING).map(({ cells }) => cells);
    expect(sheet.syncOf(VENDORS, columns, rows, false)).toEqual({
      apply: false,
      catalog_headers: ["Vendor", "Country", "City"],
      items: [{ values: ["Acme", "", "Bonn", ""] }, { values: ["Beta", "", "Ulm", ""] }],
      add_workflow_headers: ["Head"],
      delete_workflow_headers: ["Buyer"],
      force_update_first_column: true,
    });
  });

  it("tells rows that cannot be applied", () => {
    let staged = set(sheet.addLine(sheet.addLine(sheet.NOTHING)), 2, "c0", "Beta");
    expect([...sheet.badLines(sheet.linesOf(VENDORS, staged), "c0").values()]).toEqual([
      "twice",
      "twice",
      "empty",
    ]);
    staged = sheet.toggleLine(staged, line(staged, 1));
    expect([...sheet.badLines(sheet.linesOf(VENDORS, staged), "c0").values()]).toEqual(["empty"]);
  });
});

describe("a table from a file", () => {
  const TABLE = [
    ["city", "NAME", "Country"],
    ["Köln", "Acme", "DE"],
    ["", "", ""],
    ["Paris", "Nova", "FR"],
    ["Twice", "Nova", "FR"],
    ["Nowhere", "", "XX"],
  ];

  it("finds its columns by name, else by order", () => {
    expect(guessed(VENDORS, TABLE)).toEqual({
      names: true,
      targets: ["c1", "c0", undefined],
      replaces: false,
    });
    expect(guessed(VENDORS, [["Acme", "Bonn"]])).toEqual({
      names: false,
      targets: ["c0", "c1"],
      replaces: false,
    });
  });

  it("is laid over the catalog: what it does not have stays, or goes when it replaces", () => {
    const mapping = guessed(VENDORS, TABLE);
    const merged = laid(VENDORS, TABLE, mapping);
    expect(merged?.rows).toEqual([
      { c0: "Acme", c1: "Köln", c2: "7" },
      { c0: "Beta", c1: "Ulm", c2: "" },
      { c0: "Nova", c1: "Paris" },
    ]);
    expect(merged?.skipped).toBe(2);
    const whole = laid(VENDORS, TABLE, { ...mapping, targets: ["c1", "c0", "new"], replaces: true });
    expect(whole?.columns.map(({ name }) => name)).toEqual(["Name", "City", "Buyer", "Country"]);
    expect(whole?.rows.map(({ c0 }) => c0)).toEqual(["Acme", "Nova"]);
    expect(laid(VENDORS, TABLE, { ...mapping, targets: ["c1", undefined, undefined] })).toBeUndefined();
  });
});
