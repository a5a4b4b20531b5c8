import { expect, test } from "vitest";
import type { TaskHeader } from "~/api/types";
import { withRead } from "~/screens/task/useLooking";
import type { Command } from "~/store/command";
import type { InboxAnswer } from "~/store/inbox";
import { laterChoices } from "./later";
import { leaving } from "./leaving";
import { groupsOf, nextAfter, rowsOf, shortOf } from "./rows";

const task = (id: number): TaskHeader => ({
  id,
  text: `Task ${id}`,
  create_date: "2026-11-02T08:00:00Z",
  last_modified_date: "2026-11-02T08:00:00Z",
  author: { id: 1, first_name: "Anna", type: "user" } as TaskHeader["author"],
});
const group = (id: number, count: number, ...ids: number[]) => ({
  id,
  name: `Form: ${id}`,
  form_id: 1,
  step: 2,
  count,
  has_more: false,
  tasks: ids.map(task),
});
const answer: InboxAnswer = {
  tasks: [1, 2, 3, 4].map(task),
  task_groups: [group(70, 9, 2, 3)],
  has_more: false,
  marks: { unread_task_ids: [3], unread_count: 1 },
};
const command = (task: number, more: Partial<Command>): Command => ({
  id: String(task),
  order: task,
  method: "POST",
  path: "/",
  kind: "comment",
  task,
  at: 0,
  state: "queued",
  attempts: 0,
  ...more,
});

test("what stands in a group is not listed again, and the rest stands below", () => {
  const groups = groupsOf(answer, new Set(), "Tasks");
  expect(groups.map(({ name, tasks }) => [name, tasks.map(({ id }) => id)])).toEqual([
    ["Form: 70", [2, 3]],
    ["Tasks", [1, 4]],
  ]);
});

test("what leaves is counted no more, and a group that is empty is gone", () => {
  const groups = groupsOf(answer, new Set([1, 3, 4]), "Tasks");
  expect(groups.map(({ id, count, unread }) => [id, count, unread])).toEqual([[70, 8, 0]]);
});

test("a folded group shows its name and how many there are", () => {
  const rows = rowsOf(groupsOf(answer, new Set(), "Tasks"), new Set([70]), new Set([3]));
  expect(rows.map(({ key }) => key)).toEqual(["g70", "g0", "t1", "t4"]);
});

test("answers, closing and putting away leave the inbox; words alone, refusals and taking back do not", () => {
  const gone = leaving([
    command(1, { body: { approval_choice: "approved" } }),
    command(2, { body: { text: "hm" } }),
    command(3, { kind: "put_away" }),
    command(4, { kind: "put_away", state: "refused" }),
    command(5, { kind: "snooze", path: "/v4/inbox/5/unsnooze" }),
    command(6, { body: { text: "done", hide: true } }),
    command(7, { body: { action: "finished" } }),
  ]);
  expect([...gone]).toEqual([1, 3, 6, 7]);
});

test("after the one that left comes the one below it, and at the end the one above", () => {
  expect(nextAfter([1, 2, 3], 2, [1, 3])).toBe(3);
  expect(nextAfter([1, 2, 3], 3, [1, 2])).toBe(2);
  expect(nextAfter([1], 1, [])).toBeUndefined();
  expect(nextAfter([1, 2], 9, [1, 2])).toBeUndefined();
});

test("a task that was read loses its mark, and an answer without it stays the very same", () => {
  expect(withRead(answer, 3)).toMatchObject({ marks: { unread_task_ids: [] } });
  expect(withRead(answer, 1)).toBe(answer);
});

test("every moment that is offered lies ahead, in order, and each once", () => {
  for (let hour = 0; hour < 24 * 40; hour += 5) {
    const now = new Date(2026, 0, 25, hour, 30);
    const moments = laterChoices(now).map(({ at }) => at.getTime());
    expect(Math.min(...moments)).toBeGreaterThan(now.getTime());
    expect(new Set(moments).size).toBe(moments.length);
  }
});

test("tomorrow is at nine in the morning, and next week on Monday", () => {
  const choices = new Map(laterChoices(new Date(2026, 10, 25, 14, 20)).map(({ name, at }) => [name, at]));
  expect(choices.get("today")).toEqual(new Date(2026, 10, 25, 17));
  expect(choices.get("tomorrow")).toEqual(new Date(2026, 10, 26, 9));
  expect(choices.get("week")).toEqual(new Date(2026, 10, 30, 9));
});

test("a task is called without its form where the group says that, and as it is anywhere else", () => {
  const called = (text: string | undefined, group: string) => shortOf({ ...task(7), text }, group);
  expect(called("Request: ten pears", "Request: Approval")).toBe("ten pears");
  expect(called("Meeting: ten pears", "Tasks")).toBe("Meeting: ten pears");
  expect(called("Request: ", "Request: Approval")).toBe("Request: ");
  expect(called(": ten", "Tasks")).toBe(": ten");
  expect(called(undefined, "Tasks")).toBe("№ 7");
});
