import { expect, test } from "vitest";
import { furthestBehind, partOf } from "./nodes";

test("the progress of a view lies between nothing and all", () => {
  expect(partOf(50, 200)).toBe(0.25);
  expect(partOf(300, 200)).toBe(1);
  expect(partOf(0, 0)).toBe(1);
});

test("a server is as far behind as its slowest view", () => {
  expect(furthestBehind({ inbox: 5, tasks: 90, search: 12 })).toEqual({ name: "tasks", ms: 90 });
  expect(furthestBehind({})).toBeUndefined();
});
