import { expect, test } from "vitest";
import { filtered } from "./filter";
import type { Member } from "./member";
import { NEWCOMER } from "./rights";

const member = (id: number, more: Partial<Member> = {}): Member =>
  ({ id, type: "user", first_name: `First${id}`, last_name: "Person", rights: NEWCOMER, ...more }) as Member;

const everybody = [
  member(1, { department_id: 7, position: "Chief accountant" }),
  member(2, { banned: true }),
  member(3, { fired: true, banned: true }),
  member(4, { is_guest: true }),
  member(5, { type: "bot" }),
  member(6, { rights: NEWCOMER | 4, absence: { from: "2026-11-20", until: "2026-11-28" } }),
];
const ids = (filter: Parameters<typeof filtered>[1]) =>
  filtered(everybody, filter, "2026-11-28").map(({ id }) => id);

test("those who left are shown where they are asked for", () => {
  expect(ids({ text: "", state: "active" })).toEqual([1, 4, 6]);
  expect(ids({ text: "", state: "blocked" })).toEqual([2]);
  expect(ids({ text: "", state: "dismissed" })).toEqual([3]);
  expect(ids({ text: "", state: "all" })).toHaveLength(6);
});

test("members are found by the beginnings of what is known of them", () => {
  expect(ids({ text: "acc chi", state: "all" })).toEqual([1]);
  expect(ids({ text: "countant", state: "all" })).toEqual([]);
  expect(ids({ text: "6", state: "all" })).toEqual([6]);
});

test("filters hold together", () => {
  expect(ids({ text: "", state: "away", right: "managePersons" })).toEqual([6]);
  expect(ids({ text: "", state: "active", department: 7 })).toEqual([1]);
  expect(ids({ text: "", state: "active", department: 0 })).toEqual([4, 6]);
});
