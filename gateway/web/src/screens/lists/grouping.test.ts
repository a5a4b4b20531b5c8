import { expect, test } from "vitest";
import { DUES, dayFor, dueOf, plusDays, weekOf } from "./grouping";

// A Wednesday.
const today = "2026-11-25";

test("tasks stand by when they are due", () => {
  const due = (due_date?: string) => dueOf({ due_date }, today);
  expect([due("2026-11-24"), due(today), due("2026-11-29"), due("2026-11-30"), due()]).toEqual([
    "overdue",
    "today",
    "week",
    "later",
    "none",
  ]);
  expect(dueOf({ due: new Date(2026, 10, 25, 23, 30).toISOString() }, today)).toBe("today");
  expect(dueOf({ due: "no moment" }, today)).toBe("none");
});

test("a task that is put among others gets a day by which it stays there", () => {
  for (const day of ["2026-11-23", today, "2026-11-27", "2026-11-28", "2026-11-29", "2026-12-31"]) {
    for (const due of DUES) {
      const given = dayFor(due, day);
      if (given !== undefined) expect(dueOf({ due_date: given }, day), `${due} on ${day}`).toBe(due);
    }
  }
  expect(dayFor("overdue", today)).toBeUndefined();
  expect(dayFor("week", "2026-11-29")).toBeUndefined();
});

test("days go on over months, years and changes of the clock", () => {
  expect(plusDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(plusDays("2026-03-28", 2)).toBe("2026-03-30");
  expect(weekOf("2026-11-29")).toBe("2026-11-23");
  expect(weekOf("2026-11-23")).toBe("2026-11-23");
});
