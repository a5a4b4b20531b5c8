import { expect, test } from "vitest";
import { RIGHTS } from "~/store/rights";
import {
  ALL,
  difference,
  GROUPS,
  has,
  mayGive,
  NEWCOMER,
  named,
  PRESETS,
  presetOf,
  withRight,
} from "./rights";

test("every right has one switch", () => {
  const shown = Object.values(GROUPS).flat();
  expect([...shown].sort()).toEqual(Object.keys(RIGHTS).sort());
  expect(ALL).toBe(0xfff);
});

test("switches go to bits and back", () => {
  let rights = 0;
  for (const right of ["managePersons", "invite"] as const) rights = withRight(rights, right, true);
  expect(rights).toBe(0x104);
  expect(named(rights)).toEqual(["managePersons", "invite"]);
  expect(withRight(rights, "invite", false)).toBe(0x4);
});

test("bits of a newer server stay as they are", () => {
  const rights = 0x8000 | RIGHTS.bills;
  expect(withRight(withRight(rights, "invite", true), "bills", false)).toBe(0x8000 | RIGHTS.invite);
});

test("a set of rights is known by its name", () => {
  expect(presetOf(0xfff)).toBe("administrator");
  expect(presetOf(NEWCOMER)).toBe("newcomer");
  expect(presetOf(NEWCOMER | 0x8000)).toBe("newcomer");
  expect(presetOf(1)).toBeUndefined();
  expect(has(PRESETS.supervisor, "seeAllTasks")).toBe(true);
});

test("a change says what was given and what was taken", () => {
  expect(difference(0x104, 0x108)).toEqual({ given: ["editLists"], taken: ["managePersons"] });
});

test("nobody gives what they do not hold, but for what every newcomer has", () => {
  expect(mayGive(RIGHTS.managePersons, "managePersons")).toBe(true);
  expect(mayGive(RIGHTS.managePersons, "bills")).toBe(false);
  expect(mayGive(RIGHTS.managePersons, "createAnnouncements")).toBe(true);
});
