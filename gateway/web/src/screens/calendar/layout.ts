// Which tasks stand on which day, and which days are shown. Pure: days are `YYYY-MM-DD` of the person's own zone.

import { dayOf, fromDay } from "~/i18n/format";
import type { Change, Row } from "~/screens/lists/change";
import { plusDays, weekOf } from "~/screens/lists/grouping";

export const VIEWS = ["month", "week", "agenda"] as const;
export type View = (typeof VIEWS)[number];

/** A task on a day: because it is due then, or because it comes back to the inbox then. */
export interface Entry {
  key: string;
  row: Row;
  day: string;
  kind: "due" | "scheduled";
  /** A moment, where it has a time of day. */
  at?: string;
}

/** How many weeks the agenda looks ahead. */
const AGENDA_WEEKS = 5;

/** The Mondays of the weeks that are shown. */
export function weeksOf(view: View, day: string): string[] {
  if (view === "week") return [weekOf(day)];
  const first = view === "month" ? weekOf(`${day.slice(0, 7)}-01`) : weekOf(day);
  const weeks: string[] = [];
  for (let week = first; ; week = plusDays(week, 7)) {
    const ends = view === "month" ? week.slice(0, 7) > day.slice(0, 7) : weeks.length === AGENDA_WEEKS;
    if (ends) return weeks;
    weeks.push(week);
  }
}

export const daysOf = (week: string): string[] =>
  Array.from({ length: 7 }, (_, index) => plusDays(week, index));

/** The day to look at next, or before. A month that is shorter ends earlier. */
export function stepped(view: View, day: string, by: 1 | -1): string {
  if (view === "week") return plusDays(day, 7 * by);
  if (view === "agenda") return plusDays(day, 7 * AGENDA_WEEKS * by);
  const date = fromDay(day);
  const last = new Date(date.getFullYear(), date.getMonth() + by + 1, 0);
  return dayOf(new Date(last.getFullYear(), last.getMonth(), Math.min(date.getDate(), last.getDate())));
}

const valid = (moment: string | null | undefined): string | undefined =>
  moment && !Number.isNaN(new Date(moment).getTime()) ? moment : undefined;

/** Every task once for each reason, those without a time first, then by the clock. A task that came twice is there once. */
export function entriesOf(rows: readonly Row[]): Entry[] {
  const entries = new Map<string, Entry>();
  const put = (row: Row, kind: Entry["kind"], day: string | null | undefined, moment?: string | null) => {
    const at = valid(moment);
    const on = at ? dayOf(new Date(at)) : day;
    const key = `${row.id} ${kind}`;
    if (on && /^\d{4}-\d\d-\d\d$/.test(on)) entries.set(key, { key, row, day: on, kind, ...(at && { at }) });
  };
  for (const row of rows) {
    put(row, "due", row.due_date, row.due);
    put(row, "scheduled", row.scheduled_date, row.scheduled_datetime_utc);
  }
  return [...entries.values()].sort(
    (left, right) =>
      left.day.localeCompare(right.day) ||
      (left.at ?? "").localeCompare(right.at ?? "") ||
      left.row.id - right.row.id,
  );
}

export function byDay(entries: readonly Entry[]): ReadonlyMap<string, Entry[]> {
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const day = days.get(entry.day);
    if (day) day.push(entry);
    else days.set(entry.day, [entry]);
  }
  return days;
}

/** What moves an entry to another day, at the same time of day. */
export function moveTo(entry: Entry, day: string): Change | undefined {
  if (entry.day === day || entry.row.id < 0) return undefined;
  if (entry.kind === "scheduled") return { scheduled_date: day };
  if (!entry.at) return { due_date: day };
  const at = new Date(entry.at);
  const to = fromDay(day);
  to.setHours(at.getHours(), at.getMinutes(), at.getSeconds());
  return {
    due: `${to.toISOString().slice(0, 19)}Z`,
    ...(entry.row.duration && { duration: entry.row.duration }),
  };
}

/** The day beside another, by an arrow key. */
export function neighbour(day: string, key: string): string | undefined {
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[key];
  return by === undefined ? undefined : plusDays(day, by);
}
