import { QueryClient } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { apply, withRow } from "./apply";

const anna = { id: 1, first_name: "Anna", type: "user" };
const header = (id: number, text: string) => ({
  id,
  text,
  author: anna,
  create_date: "2026-01-01T10:00:00Z",
  last_modified_date: "2026-01-01T10:00:00Z",
});

test("a row is exchanged wherever it stands, and everything else stays the very same", () => {
  const answer = {
    tasks: [header(5, "Old"), header(6, "Other")],
    task_groups: [{ id: 1, name: "G", tasks: [header(5, "Old")] }],
    has_more: false,
  };
  const next = withRow(answer, header(5, "New"));
  expect(next.tasks.map(({ text }) => text)).toEqual(["New", "Other"]);
  expect(next.task_groups[0]?.tasks[0]?.text).toBe("New");
  expect(next.tasks[1]).toBe(answer.tasks[1]);
  expect(withRow(answer, header(7, "Nowhere"))).toBe(answer);
});

test("a person or a form with the same number is not taken for the task", () => {
  const answer = { tasks: [{ ...header(6, "Of five"), author: { ...anna, id: 5 } }] };
  expect(withRow(answer, header(5, "New"))).toBe(answer);
});

test("an open task is asked for again only when the entry is newer than what is shown", () => {
  vi.useFakeTimers();
  const cache = new QueryClient();
  const asked = vi.spyOn(cache, "invalidateQueries");
  cache.setQueryData(["task", 5], { task: header(5, "Shown"), position: 30 });
  apply(cache, { name: "task", data: { position: 29, task: header(5, "Shown") } });
  vi.runAllTimers();
  const keys = () => asked.mock.calls.map(([filter]) => JSON.stringify(filter?.queryKey));
  expect(keys()).not.toContain('["task",5]');
  apply(cache, { name: "task", data: { position: 31, task: header(5, "Newer") } });
  apply(cache, { name: "task", data: { position: 32, task: header(5, "Newest") } });
  vi.runAllTimers();
  expect(keys().filter((key) => key === '["task",5]')).toHaveLength(1);
  vi.useRealTimers();
});

test("a task that is not shown any more is forgotten", () => {
  const cache = new QueryClient();
  cache.setQueryData(["task", 5], { task: header(5, "Secret"), position: 1 });
  apply(cache, { name: "gone", data: { task_id: 5 } });
  expect(cache.getQueryData(["task", 5])).toBeUndefined();
});
