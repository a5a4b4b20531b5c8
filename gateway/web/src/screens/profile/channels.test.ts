import { expect, test } from "vitest";
import { comes, turned } from "./channels";

test("everything comes until it is turned off, by one channel at a time", () => {
  expect(comes({}, "mail", "comment")).toBe(true);
  const off = turned({}, "mail", "comment");
  expect(comes(off, "mail", "comment")).toBe(false);
  expect(comes(off, "web", "comment")).toBe(true);
  expect(comes(turned(off, "mail", "comment"), "mail", "comment")).toBe(true);
});

test("reasons of a newer server are kept", () => {
  expect(turned({ web: ["poked"] }, "web", "due")).toEqual({ web: ["poked", "due"] });
});
