import { expect, test } from "vitest";
import type { Comment } from "~/api/types";
import { changesOf } from "./changes";
import { feedOf, merged, placeOf } from "./feed";

const anna = { id: 1, first_name: "Anna", type: "user" };
const boris = { id: 2, first_name: "Boris", type: "user" };
/** At a minute of one day. */
const at = (minute: number, id: number, more: Partial<Comment> = {}): Comment => ({
  id,
  create_date: new Date(2026, 10, 2, 8, minute).toISOString(),
  author: anna,
  ...more,
});
const feed = (...comments: Comment[]) => feedOf(comments, changesOf(comments));
const kinds = (...comments: Comment[]) => feed(...comments).map(({ kind }) => kind);
const step = (changed_step: number) => ({ changed_step });

test("a day stands before the first of its comments", () => {
  const next = { ...at(0, 3, { text: "c" }), create_date: new Date(2026, 10, 3, 8).toISOString() };
  expect(kinds(at(0, 1, { text: "a" }), at(1, 2, { text: "b" }), next)).toEqual([
    "day",
    "said",
    "said",
    "day",
    "said",
  ]);
});

test("what one person says in one go stands under one name, and after a pause or somebody else under another", () => {
  const items = feed(
    at(0, 1, { text: "a" }),
    at(2, 2, { text: "b" }),
    at(3, 3, { text: "c", author: boris }),
    at(4, 4, { text: "d" }),
    at(40, 5, { text: "e" }),
  );
  expect(items.flatMap((item) => (item.kind === "said" ? [item.goesOn] : []))).toEqual([
    false,
    true,
    false,
    false,
    false,
  ]);
});

test("what one person changed without a word in one go is one entry, and what another changed is another", () => {
  const items = feed(
    at(0, 1, { text: "a" }),
    at(1, 2, step(2)),
    at(2, 3, step(3)),
    at(3, 4, { ...step(4), author: boris }),
  );
  expect(items.map(({ kind }) => kind)).toEqual(["day", "said", "happened", "happened"]);
  expect(placeOf(items, 3)).toBe(2);
  expect(placeOf(items, 99)).toBe(-1);
});

test("what was changed to and fro in one go is one change, from the first to the last", () => {
  const field = (value: number) => ({ id: 4, type: "money" as const, name: "Amount", value });
  const first = [{ kind: "field" as const, field: field(2), before: field(1) }];
  const then = [
    { kind: "field" as const, field: field(3), before: field(2) },
    { kind: "spent" as const, minutes: 5 },
  ];
  expect(merged(first, then)).toEqual([{ kind: "field", field: field(3), before: field(1) }, then[1]]);
});

test("an edit and a deletion are shown where the comment stands, not as entries of their own", () => {
  expect(
    kinds(
      at(0, 1, { text: "a" }),
      at(1, 2),
      at(2, 3, { edit_comment_id: 1 }),
      at(3, 4, { delete_comment_id: 2 }),
    ),
  ).toEqual(["day", "said", "said"]);
});

test("a comment that says and changes nothing is not shown", () => {
  expect(kinds(at(0, 1, { text: "a" }), at(1, 2))).toEqual(["day", "said"]);
});
