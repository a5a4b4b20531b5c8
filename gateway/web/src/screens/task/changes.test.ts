import { expect, test } from "vitest";
import type { Comment, Field } from "~/api/types";
import { changesOf } from "./changes";

const anna = { id: 1, first_name: "Anna", type: "user" };
const boris = { id: 2, first_name: "Boris", type: "user" };
const said = (id: number, more: Partial<Comment> = {}): Comment => ({
  id,
  create_date: "2026-11-02T08:00:00Z",
  author: anna,
  ...more,
});
const amount = (value: unknown): Field => ({ id: 4, type: "money", name: "Amount", value });

test("the comment that made a task does not say that what it filled in was changed", () => {
  const changes = changesOf([
    said(1, {
      field_updates: [amount(5)],
      due_date: "2026-11-09",
      approval_choice: "approved",
      changed_step: 2,
    }),
  ]);
  expect(changes.get(1)).toBeUndefined();
});

test("a field that changed says what it was before, also when nobody had changed it since the beginning", () => {
  const changes = changesOf([
    said(1, { field_updates: [amount(5)] }),
    said(2),
    said(3, { field_updates: [amount(7)] }),
    said(4, { field_updates: [amount(undefined)] }),
  ]);
  expect(changes.get(3)).toEqual([{ kind: "field", field: amount(7), before: amount(5) }]);
  expect(changes.get(4)).toEqual([{ kind: "field", field: amount(undefined), before: amount(7) }]);
});

test("rows of a table that changed are not taken for all that the table was", () => {
  const table = (rows: number): Field => ({
    id: 9,
    type: "table",
    name: "Items",
    value: Array(rows).fill({}),
  });
  const changes = changesOf([
    said(1, { field_updates: [table(8)] }),
    said(2, { field_updates: [table(1)] }),
    said(3, { field_updates: [table(1)] }),
  ]);
  expect(changes.get(3)).toEqual([{ kind: "field", field: table(1), before: undefined }]);
});

test("another responsible and another due date are told with those before them", () => {
  const changes = changesOf([
    said(1, { reassigned_to: anna, due_date: "2026-11-09" }),
    said(2, { reassigned_to: boris, due: "2026-11-10T10:00:00Z", duration: 30 }),
    said(3, { cancel_due: true }),
  ]);
  expect(changes.get(2)).toEqual([
    { kind: "reassigned", to: boris, before: anna },
    { kind: "due", due: { moment: "2026-11-10T10:00:00Z", duration: 30 }, before: { date: "2026-11-09" } },
  ]);
  expect(changes.get(3)).toEqual([
    { kind: "due", due: undefined, before: { moment: "2026-11-10T10:00:00Z", duration: 30 } },
  ]);
});

test("a rejection says where it was decided and where it led back to", () => {
  const changes = changesOf([
    said(1),
    said(2, { approval_choice: "rejected", approval_step: 3, reset_to_step: 1 }),
  ]);
  expect(changes.get(2)).toEqual([
    { kind: "decided", choice: "rejected", step: 3 },
    { kind: "step", step: 1, back: true },
  ]);
});

test("approvers are told by the step that they were added to", () => {
  const asked = { person: boris, approval_choice: "waiting", step: 2 };
  const changes = changesOf([said(1), said(2, { approvals_added: [[], [asked]] })]);
  expect(changes.get(2)).toEqual([
    { kind: "people", whose: "approvers", added: [boris], removed: [], again: [], step: 2 },
  ]);
});
