import { expect, test } from "vitest";
import { operator, remembered, withPart } from "./question";

test("a value with spaces stands in quotation marks, and has none of its own", () => {
  expect(operator("approver", "Martin Cole")).toBe('approver:"Martin Cole"');
  expect(operator("form", "12")).toBe("form:12");
  expect(operator("author", 'The "Boss" ')).toBe('author:"The Boss"');
});

test("a part is added to a question once", () => {
  expect(withPart("", "waiting:me")).toBe("waiting:me");
  expect(withPart("invoice", "is:open")).toBe("invoice is:open");
  expect(withPart("is:open invoice", "is:open")).toBe("is:open invoice");
});

test("what was typed on the way to a question is not remembered beside it", () => {
  expect(remembered(["inv", "paper"], "invoice")).toEqual(["invoice", "paper"]);
  expect(remembered(["invoice"], "i")).toEqual(["invoice"]);
  expect(remembered(["a1", "b1"], "c1", 2)).toEqual(["c1", "a1"]);
});
