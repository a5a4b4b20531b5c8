import { expect, test } from "vitest";
import { lined, wrapped } from "./wrapping";

test("signs come around what is chosen, and go again", () => {
  const bold = wrapped("a word here", 2, 6, "**");
  expect(bold).toEqual({ text: "a **word** here", from: 4, to: 8 });
  expect(wrapped(bold.text, bold.from, bold.to, "**")).toEqual({ text: "a word here", from: 2, to: 6 });
  const link = wrapped("see it", 4, 6, "[](https://)");
  expect(link.text).toBe("see [it](https://)");
  expect(link.text.slice(link.from, link.to)).toBe("https://");
});

test("lines get their sign, all of them, and lose it together", () => {
  expect(lined("a\nb\nc", 0, 3, "- ").text).toBe("- a\n- b\nc");
  expect(lined("- a\n- b", 0, 7, "- ").text).toBe("a\nb");
  expect(lined("a\nb", 0, 3, "1. ").text).toBe("1. a\n2. b");
});
