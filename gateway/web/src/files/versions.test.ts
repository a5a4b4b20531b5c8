import { expect, test } from "vitest";
import type { Comment } from "~/api/types";
import { versionsIn } from "./versions";

const file = (id: number, version = 1, root_id?: number) => ({
  id,
  name: "offer.pdf",
  size: 5,
  url: "/x",
  version,
  root_id,
});
const comment = (id: number, more: Partial<Comment>): Comment => ({
  id,
  create_date: `2026-03-0${id}T10:00:00Z`,
  author: { id: 40 + id, type: "user" },
  ...more,
});

/** The numbers of the versions of a root, and who brought each. */
const told = (comments: Comment[], root: number) =>
  versionsIn(comments)
    .get(root)
    ?.map((version) => [version.file.version, version.author.id]);

test("versions are told from comments and fields alike, the newest first, each from whoever brought it first", () => {
  const cells = [{ id: 3, type: "file", name: "Scan", value: [file(9, 4, 7)] }] as never;
  const comments = [
    comment(1, { attachments: [file(7)] }),
    comment(2, { field_updates: [{ id: 2, type: "file", name: "Offer", value: [file(8, 2, 7), file(50)] }] }),
    comment(3, { attachments: [file(7), file(8, 2, 7)] }),
    comment(4, { field_updates: [{ id: 4, type: "table", name: "Rows", value: [{ row_id: 0, cells }] }] }),
  ];
  expect(told(comments, 7)).toEqual([
    [4, 44],
    [2, 42],
    [1, 41],
  ]);
  expect(told(comments, 50)).toEqual([[1, 42]]);
});

test("what was taken out of its comment is no version any more, and a broken field stops nothing", () => {
  const comments = [
    comment(1, { attachments: [file(7), file(8, 2, 7)] }),
    comment(2, { field_updates: [{ id: 4, type: "table", name: "Rows", value: "?" }] }),
    comment(3, { removed_attachment_ids: [8] }),
  ];
  expect(told(comments, 7)).toEqual([[1, 41]]);
});
