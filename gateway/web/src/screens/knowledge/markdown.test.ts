import { expect, test } from "vitest";
import { addressOf, blocksOf, headingsOf, inlineOf, plainOf } from "./markdown";

const kinds = (markdown: string) => blocksOf(markdown).map(({ kind }) => kind);

test("blocks are told apart", () => {
  expect(kinds("# Title\n\nText\nover lines\n\n- one\n- two\n\n> said\n\n---\n\n```js\nlet a;\n```")).toEqual(
    ["heading", "paragraph", "list", "quote", "rule", "code"],
  );
  expect(blocksOf("| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 |")).toEqual([
    {
      kind: "table",
      head: ["a", "b"],
      rows: [
        ["1", "2"],
        ["3", ""],
      ],
    },
  ]);
});

test("lists lie in lists, go on with their number, and have marks", () => {
  const [list] = blocksOf("3. three\n   - [x] done\n   - [ ] open\n4. four");
  if (list?.kind !== "list") throw new Error("no list");
  expect(list.start).toBe(3);
  expect(list.items).toHaveLength(2);
  const inner = list.items[0]?.blocks[1];
  expect(inner?.kind === "list" && inner.items.map(({ done }) => done)).toEqual([true, false]);
});

test("headings have addresses of their own", () => {
  expect(headingsOf(blocksOf("# Один\n## **Two** words\n## Two words"))).toEqual([
    { level: 1, text: "Один", id: "один" },
    { level: 2, text: "Two words", id: "two-words" },
    { level: 2, text: "Two words", id: "two-words-2" },
  ]);
});

test("what stands in a line is formatted, and signs that mean nothing stay", () => {
  expect(inlineOf("a **b *c*** `d*`")).toMatchObject([
    { kind: "text", text: "a " },
    { kind: "strong" },
    { kind: "text" },
    { kind: "code", text: "d*" },
  ]);
  expect(plainOf("2 * 3 * 4, snake_case_name, \\*no\\*")).toBe("2 * 3 * 4, snake_case_name, *no*");
  expect(inlineOf("see https://example.com/a_b.")).toMatchObject([
    { kind: "text", text: "see " },
    { kind: "link", href: "https://example.com/a_b" },
    { kind: "text", text: "." },
  ]);
});

test("nothing leads where it may not, and tags are text", () => {
  expect(addressOf("javascript:alert(1)")).toBeUndefined();
  expect(addressOf("//evil.example")).toBeUndefined();
  expect(addressOf("/tasks/5")).toBe("/tasks/5");
  expect(inlineOf("[x](javascript:alert(1))")[0]).toEqual({ kind: "text", text: "x" });
  expect(inlineOf("<img src=x onerror=alert(1)>")).toEqual([
    { kind: "text", text: "<img src=x onerror=alert(1)>" },
  ]);
});

test("what is pathological is read all the same, and soon", () => {
  const begun = performance.now();
  inlineOf("*a ".repeat(60_000));
  inlineOf("[".repeat(60_000));
  blocksOf("> ".repeat(5_000));
  blocksOf(`${"- ".repeat(3_000)}x`);
  expect(performance.now() - begun).toBeLessThan(4_000);
});
