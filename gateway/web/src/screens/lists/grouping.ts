// Tasks by when they are due, and the day that a task gets which is put among others. Pure: days are `YYYY-MM-DD`, the week begins on Monday.

import { dayOf, fromDay } from "~/i18n/format";

export const DUES = ["overdue", "today", "week", "later", "none"] as const;
export type Due = (typeof DUES)[number];

/** The part of a task that matters here. */
export interface Dated {
  due_date?: string | null;
  due?: string | null;
}

export function plusDays(day: string, days: number): string {
  const date = fromDay(day);
  date.setDate(date.getDate() + days);
  return dayOf(date);
}

/** Monday of the week of a day. */
export function weekOf(day: string): string {
  return plusDays(day, -((fromDay(day).getDay() + 6) % 7));
}

/** The local day on which a task is due. */
export function dueDay(task: Dated): string | undefined {
  if (task.due_date) return task.due_date;
  if (!task.due) return undefined;
  const moment = new Date(task.due);
  return Number.isNaN(moment.getTime()) ? undefined : dayOf(moment);
}

export function dueOf(task: Dated, today: string): Due {
  const day = dueDay(task);
  if (day === undefined) return "none";
  if (day < today) return "overdue";
  if (day === today) return "today";
  return day < plusDays(weekOf(today), 7) ? "week" : "later";
}

/** The day that a task gets which is put among these; `null` takes its day away, `undefined` is no place to put it. */
export function dayFor(due: Due, today: string): string | null | undefined {
  const next = plusDays(weekOf(today), 7);
  switch (due) {
    case "overdue":
      return undefined;
    case "today":
      return today;
    case "week": {
      // Friday, or the last day that is left of the week.
      const friday = plusDays(next, -3);
      if (today < friday) return friday;
      const sunday = plusDays(next, -1);
      return today < sunday ? sunday : undefined;
    }
    case "later":
      return next;
    case "none":
      return null;
  }
}
