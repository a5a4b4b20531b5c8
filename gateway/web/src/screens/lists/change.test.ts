import { expect, test } from "vitest";
import type { Command } from "~/store/command";
import { type Row, withPending } from "./change";

const person = (id: number) => ({ id, first_name: `Person ${id}`, type: "user" });
const row = (id: number, more: Partial<Row> = {}): Row => ({
  id,
  text: `Task ${id}`,
  create_date: "2026-11-01T08:00:00Z",
  last_modified_date: "2026-11-01T08:00:00Z",
  author: person(1),
  ...more,
});
const command = (more: Partial<Command>): Command => ({
  id: "a",
  order: 5,
  method: "POST",
  path: "/v4/tasks/1/comments",
  kind: "comment",
  task: 1,
  at: 0,
  state: "queued",
  attempts: 0,
  ...more,
});
const shown = (tasks: Row[], ...commands: Command[]) =>
  withPending(tasks, commands, { person: 1, name: "Me" }, person, ({ list_ids }) =>
    Boolean(list_ids?.includes(2)),
  );

test("what was changed shows before the server has answered", () => {
  const [first, second] = shown(
    [row(1, { due: "2026-11-01T08:00:00Z" }), row(2)],
    command({ body: { due_date: "2026-12-01", reassign_to: { id: 7 } } }),
  );
  expect(first).toMatchObject({
    due_date: "2026-12-01",
    due: undefined,
    responsible: { id: 7 },
    pending: "queued",
  });
  expect(second).toEqual(row(2));
});

test("what was refused has changed nothing", () => {
  const tasks = [row(1)];
  expect(shown(tasks, command({ state: "refused", body: { due_date: "2026-12-01" } }))).toEqual(tasks);
});

test("a new task stands on top of the list that it was made in, and in no other", () => {
  const create = (list: number) =>
    command({ kind: "create", path: "/v4/tasks", task: undefined, body: { text: "New", list_ids: [list] } });
  expect(shown([row(1)], create(2)).map(({ text }) => text)).toEqual(["New", "Task 1"]);
  expect(shown([row(1)], create(3)).map(({ text }) => text)).toEqual(["Task 1"]);
});
