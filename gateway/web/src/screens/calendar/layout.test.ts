import { expect, test } from "vitest";
import type { Row } from "~/screens/lists/change";
import { byDay, daysOf, entriesOf, moveTo, neighbour, stepped, weeksOf } from "./layout";

const row = (id: number, more: Partial<Row>): Row => ({
  id,
  create_date: "2026-11-01T08:00:00Z",
  last_modified_date: "2026-11-01T08:00:00Z",
  author: { id: 1, type: "user" },
  ...more,
});
/** A moment by the clock of whoever looks. */
const at = (day: string, hours: number) => {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return `${new Date(year, month - 1, date, hours).toISOString().slice(0, 19)}Z`;
};

test("a month is shown in whole weeks, and each of its days once", () => {
  expect(weeksOf("month", "2026-11-28")).toEqual([
    "2026-10-26",
    "2026-11-02",
    "2026-11-09",
    "2026-11-16",
    "2026-11-23",
    "2026-11-30",
  ]);
  expect(weeksOf("month", "2027-02-14")).toHaveLength(4);
  expect(weeksOf("month", "2026-12-31").at(-1)).toBe("2026-12-28");
  expect(weeksOf("week", "2026-11-29")).toEqual(["2026-11-23"]);
  expect(daysOf("2026-12-28").at(-1)).toBe("2027-01-03");
});

test("one goes on by months, weeks and spans; a shorter month ends earlier", () => {
  expect(stepped("month", "2026-01-31", 1)).toBe("2026-02-28");
  expect(stepped("month", "2026-01-15", -1)).toBe("2025-12-15");
  expect(stepped("week", "2026-12-30", 1)).toBe("2027-01-06");
});

test("tasks stand on their days, those without a time first, each once", () => {
  const rows = [
    row(1, { due: at("2026-11-25", 15) }),
    row(2, { due_date: "2026-11-25", scheduled_date: "2026-11-20" }),
    row(3, { due: at("2026-11-25", 9) }),
    row(2, { due_date: "2026-11-25", scheduled_date: "2026-11-20" }),
    row(4, {}),
    row(5, { due: "no moment", due_date: "nor a day" }),
  ];
  const days = byDay(entriesOf(rows));
  expect(days.get("2026-11-25")?.map((entry) => entry.row.id)).toEqual([2, 3, 1]);
  expect(days.get("2026-11-20")?.map((entry) => entry.kind)).toEqual(["scheduled"]);
  expect([...days.values()].flat()).toHaveLength(4);
});

test("a moved task keeps its time of day and its reason", () => {
  const [day, timed, scheduled] = entriesOf([
    row(1, { due_date: "2026-11-24" }),
    row(2, { due: at("2026-11-25", 9), duration: 30 }),
    row(3, { scheduled_date: "2026-11-26" }),
  ]);
  if (!day || !timed || !scheduled) throw new Error("missing");
  expect(moveTo(day, "2026-12-01")).toEqual({ due_date: "2026-12-01" });
  expect(moveTo(timed, "2026-12-01")).toEqual({ due: at("2026-12-01", 9), duration: 30 });
  expect(moveTo(scheduled, "2026-12-01")).toEqual({ scheduled_date: "2026-12-01" });
  expect(moveTo(day, "2026-11-24")).toBeUndefined();
  expect(neighbour("2026-11-30", "ArrowDown")).toBe("2026-12-07");
  expect(neighbour("2026-11-30", "Enter")).toBeUndefined();
});
