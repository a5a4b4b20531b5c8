import { expect, test } from "vitest";
import type { Action } from "./actions";
import { grouped, keysOf, matching } from "./matching";

const action = (id: string, label: string, more: Partial<Action> = {}): Action => ({
  id,
  label,
  run: () => undefined,
  ...more,
});
const actions = [
  action("inbox", "Inbox"),
  action("new", "New task", { words: "create" }),
  action("approve", "Approve", { group: "This task" }),
  action("task", "Open the task anew"),
];
const ids = (text: string) => matching(actions, text).map(({ id }) => id);

test("actions are found by the beginnings of their words, in any order", () => {
  expect(ids("task new")).toEqual(["new"]);
  expect(ids("cre")).toEqual(["new"]);
  expect(ids("this")).toEqual(["approve"]);
  expect(ids("zzz")).toEqual([]);
});

test("whose label begins with what was typed comes first", () => {
  expect(ids("new")).toEqual(["new"]);
  expect(matching([action("a", "Find new"), action("b", "New")], "new").map(({ id }) => id)).toEqual([
    "b",
    "a",
  ]);
});

test("what was offered last comes first, and stands for what it replaces", () => {
  const offered = [...actions, action("new", "New task here")];
  expect(matching(offered, "").map(({ label }) => label)).toEqual([
    "Open the task anew",
    "Approve",
    "New task here",
    "Inbox",
  ]);
});

test("actions stand under their groups, and keys are named as they are pressed", () => {
  expect(grouped(actions, "Rest").map(([name, list]) => [name, list.length])).toEqual([
    ["Rest", 3],
    ["This task", 1],
  ]);
  expect(keysOf("g i", false)).toEqual([["G"], ["I"]]);
  expect(keysOf("$mod+Enter", true)).toEqual([["⌘", "↵"]]);
  expect(keysOf("Shift+?", false)).toEqual([["?"]]);
});
