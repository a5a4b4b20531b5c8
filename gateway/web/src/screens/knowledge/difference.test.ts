import { expect, test } from "vitest";
import { differenceOf } from "./difference";

const shown = (before: string, after: string) =>
  differenceOf(before, after).map(
    ({ text, kind }) => `${{ same: " ", added: "+", removed: "-" }[kind]}${text}`,
  );

test("lines that came and went stand where they were", () => {
  expect(shown("a\nb\nc\nd", "a\nx\nc\nd\ne")).toEqual([" a", "-b", "+x", " c", " d", "+e"]);
  expect(shown("a\nb", "a\nb")).toEqual([" a", " b"]);
  expect(shown("", "a")).toEqual(["-", "+a"]);
});

test("either text comes back out of the difference", () => {
  const [before, after] = ["one\ntwo\ntwo\nthree", "zero\ntwo\nthree\nthree\nfour"];
  const lines = differenceOf(before, after);
  const without = (kind: string) =>
    lines
      .filter((line) => line.kind !== kind)
      .map(({ text }) => text)
      .join("\n");
  expect(without("added")).toBe(before);
  expect(without("removed")).toBe(after);
});
