import { expect, test } from "vitest";
import type { Task } from "~/api/types";
import { enteredAt, routeOf, standingOf } from "./standing";

const person = (id: number, type = "user") => ({ id, first_name: String(id), type });
const task = (more: Partial<Task> = {}): Task => ({
  id: 1,
  create_date: "2026-11-02T08:00:00Z",
  last_modified_date: "2026-11-02T08:00:00Z",
  author: person(1),
  form_id: 5,
  current_step: 2,
  approvals: [
    [{ person: person(1), approval_choice: "approved", step: 1 }],
    [{ person: person(40, "role"), approval_choice: "waiting", step: 2 }],
  ],
  steps: [
    { step: 1, name: "Draft", elapsed_time: 60_000 },
    { step: 2, name: "Legal", elapsed_time: 0 },
  ],
  ...more,
});

test("whoever is in the role that is awaited may decide for it", () => {
  expect(standingOf(task(), 7, [40])).toMatchObject({ awaited: true, asRole: { id: 40 } });
  expect(standingOf(task(), 7, [])).toMatchObject({ awaited: false });
});

test("nothing is awaited at a step that has passed, nor in a closed task", () => {
  expect(standingOf(task({ current_step: 3 }), 7, [40]).awaited).toBe(false);
  expect(standingOf(task({ is_closed: true }), 7, [40]).awaited).toBe(false);
});

test("the decision made last can be taken back, also at a step that has passed; that it was asked for is none", () => {
  const decided = (choice: string) =>
    task({ current_step: 3, approvals: [[], [{ person: person(7), approval_choice: choice, step: 2 }]] });
  expect(standingOf(decided("approved"), 7, []).revocable).toBe(2);
  expect(standingOf(decided("revoked"), 7, []).revocable).toBeUndefined();
  expect(standingOf(task(), 1, []).revocable).toBeUndefined();
});

test("who took a decision back is asked as before", () => {
  const revoked = { person: person(7), approval_choice: "revoked", step: 2 };
  expect(standingOf(task({ approvals: [[], [revoked]] }), 7, []).awaited).toBe(true);
});

test("whoever only follows a task is not offered to close it", () => {
  const followed = task({ subscribers: [{ person: person(9), approval_choice: "waiting" }] });
  expect(standingOf(followed, 9, [])).toMatchObject({ mayClose: false, toAcknowledge: true, follows: true });
});

test("the way shows what was gone, where it stands and for how long, and what is ahead", () => {
  const now = Date.parse("2026-11-02T10:00:00Z");
  const steps = routeOf(task(), { 1: "Draft", 2: "Legal", 3: "Signing" }, now - 3_600_000, now);
  expect(steps.map(({ name, state, elapsed }) => [name, state, elapsed])).toEqual([
    ["Draft", "done", 60_000],
    ["Legal", "now", 3_600_000],
    ["Signing", "ahead", undefined],
  ]);
});

test("a step that the way went around is not shown as gone", () => {
  const jumped = task({
    current_step: 3,
    approvals: [],
    steps: [{ step: 3, name: "Signing", elapsed_time: 0 }],
  });
  const names = { 1: "Draft", 2: "Legal", 3: "Signing" };
  expect(routeOf(jumped, names, undefined, 0).map(({ name }) => name)).toEqual(["Signing"]);
});

test("a step began when it was reached last, also by going back to it", () => {
  const comment = (id: number, hour: number, more: object) => ({
    id,
    author: person(1),
    create_date: `2026-11-02T${String(hour).padStart(2, "0")}:00:00Z`,
    ...more,
  });
  const comments = [
    comment(1, 8, {}),
    comment(2, 9, { changed_step: 2 }),
    comment(3, 10, { changed_step: 3 }),
    comment(4, 11, { reset_to_step: 2 }),
  ];
  expect(enteredAt(task({ comments }))).toBe(Date.parse("2026-11-02T11:00:00Z"));
});
