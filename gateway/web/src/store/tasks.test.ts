import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import type { Task } from "~/api/types";
import type { Command } from "./command";
import { overlaid, takeAnswer, taskKey } from "./tasks";

const anna = { id: 1, first_name: "Anna", type: "user" };
const me = { person: 1, name: "Anna" };
const task = (more: Partial<Task> = {}): Task => ({
  id: 5,
  text: "Shoes",
  create_date: "2026-01-01T10:00:00Z",
  last_modified_date: "2026-01-01T10:00:00Z",
  author: anna,
  current_step: 2,
  approvals: [
    [{ person: anna, approval_choice: "approved", step: 1 }],
    [{ person: anna, approval_choice: "waiting", step: 2 }],
  ],
  fields: [
    { id: 1, type: "text", name: "What", value: "Shoes" },
    { id: 2, type: "catalog", name: "Vendor", value: { item_id: 3 } },
  ],
  comments: [{ id: 10, text: "First", create_date: "2026-01-01T10:00:00Z", author: anna }],
  ...more,
});
const command = (body: unknown, more: Partial<Command> = {}): Command => ({
  id: "a",
  order: 99,
  method: "POST",
  path: "/v4/tasks/5/comments",
  body,
  kind: "comment",
  task: 5,
  at: 0,
  state: "queued",
  attempts: 0,
  ...more,
});

test("what waits to be sent stands on top of what the server said", () => {
  const next = overlaid(
    task(),
    [command({ text: "Yes", approval_choice: "approved", action: "finished" })],
    me,
  );
  expect(next.comments?.map(({ text }) => text)).toEqual(["First", "Yes"]);
  expect(next.is_closed).toBe(true);
  expect(next.approvals?.[1]?.[0]?.approval_choice).toBe("approved");
});

test("what was refused is shown and has changed nothing", () => {
  const refusal = { status: 409, code: "conflict", message: "It changed" };
  const next = overlaid(
    task(),
    [command({ approval_choice: "approved" }, { state: "refused", refusal })],
    me,
  );
  expect(next.approvals?.[1]?.[0]?.approval_choice).toBe("waiting");
  expect(next.comments).toHaveLength(2);
});

test("an edited comment is edited in its place, a deleted one is gone", () => {
  const edited = overlaid(task(), [command({ edit_comment_id: 10, text: "Better" })], me);
  expect(edited.comments?.map(({ text }) => text)).toEqual(["Better"]);
  const deleted = overlaid(task(), [command({ delete_comment_id: 10 })], me);
  expect(deleted.comments?.map(({ id }) => id)).toEqual([-99]);
});

test("plain values show at once, others when the server has told their shape", () => {
  const updates = [
    { id: 1, value: "Boots" },
    { id: 2, value: { item_id: 4 } },
  ];
  const next = overlaid(task(), [command({ field_updates: updates })], me);
  expect(next.fields?.map(({ value }) => value)).toEqual(["Boots", { item_id: 3 }]);
});

test("files show before the server has them, in comments, in edited ones and in fields", () => {
  const had = { attachment_id: 57, name: "b.pdf" };
  const kept = { kept_file: "one", name: "a.png" };
  const files = task({
    fields: [{ id: 3, type: "file", name: "Scan", value: [{ id: 57, name: "b.pdf" }] }],
    comments: [
      {
        id: 10,
        create_date: "2026-01-01T10:00:00Z",
        author: anna,
        attachments: [{ id: 57, name: "b.pdf" }],
      },
    ],
  });
  const next = overlaid(
    files,
    [
      command({ attachments: [kept] }),
      command({ edit_comment_id: 10, text: "so", attachments: [had, kept] }),
      command({ field_updates: [{ id: 3, value: [kept] }] }),
    ],
    me,
  );
  expect(next.comments?.map(({ attachments }) => attachments)).toEqual([[had, kept], [kept], undefined]);
  expect(next.fields?.[0]?.value).toEqual([kept]);
  const words = overlaid(files, [command({ edit_comment_id: 10, text: "so" })], me);
  expect(words.comments?.[0]?.attachments).toEqual([{ id: 57, name: "b.pdf" }]);
});

test("the commands of other tasks leave it the very same", () => {
  const same = task();
  expect(overlaid(same, [command({ text: "No" }, { task: 6 })], me)).toBe(same);
});

test("an answer that is older than what is shown does not replace it", () => {
  const cache = new QueryClient();
  const newer = { task: task({ text: "Newer" }), position: 20 };
  cache.setQueryData(taskKey(5), newer);
  takeAnswer(cache, { command: command({}), position: 15, answer: { task: task({ text: "Older" }) } });
  expect(cache.getQueryData(taskKey(5))).toBe(newer);
  takeAnswer(cache, { command: command({}), position: 25, answer: { task: task({ text: "Newest" }) } });
  expect(cache.getQueryData(taskKey(5))).toMatchObject({ position: 25, task: { text: "Newest" } });
});
