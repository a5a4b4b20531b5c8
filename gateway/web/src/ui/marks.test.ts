import { expect, test } from "vitest";
import { partsOf } from "./marks";

const shown = (text: string, marks?: number[][]) =>
  partsOf(text, marks)
    .map((part) => (part.marked ? `[${part.text}]` : part.text))
    .join("");

test("what was found is marked, in whatever order it is told", () => {
  expect(
    shown("The first day", [
      [4, 9],
      [0, 3],
    ]),
  ).toBe("[The] [first] day");
  expect(shown("plain")).toBe("plain");
  expect(shown("", [[0, 1]])).toBe("");
});

test("marks that make no sense lose no letter", () => {
  expect(
    shown("abcdef", [
      [2, 4],
      [3, 5],
    ]),
  ).toBe("ab[cd]ef");
  expect(
    shown("abc", [
      [2, 90],
      [7, 9],
      [1, 1],
      [-3, -1],
    ]),
  ).toBe("ab[c]");
});

test("hostile text stays text", () => {
  expect(partsOf("<img onerror=x>", [[1, 4]])).toEqual([
    { text: "<", marked: false },
    { text: "img", marked: true },
    { text: " onerror=x>", marked: false },
  ]);
});
