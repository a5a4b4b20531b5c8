// The tasks of the weeks that are shown, each week asked for by itself so that one that was seen is there at once, and what is overdue.

import { useQueries, useQuery } from "@tanstack/react-query";
import { api, good } from "~/api/client";
import { dayOf, fromDay } from "~/i18n/format";
import { type Row, usePendingRows } from "~/screens/lists/change";
import { plusDays } from "~/screens/lists/grouping";
import { type Entry, entriesOf } from "./layout";

/** The most that one answer holds. */
const ROWS = 100;
/** Due at a moment, due on a day, scheduled: the reasons whose day the answer tells. */
const REASONS = 1 | 2 | 8;
/** Days are told without a zone, so more is asked for than is shown, in hours. */
const ZONES = 14;

function utc(day: string, hours: number): string {
  const date = fromDay(day);
  date.setHours(date.getHours() + hours);
  return `${date.toISOString().slice(0, 19)}Z`;
}

const queryOf = (from: string, until: string, all: boolean) => ({
  queryKey: ["calendar", from, until, all],
  queryFn: () =>
    good(
      api.GET("/v4/calendar", {
        params: {
          query: {
            start_date_utc: utc(from, -ZONES),
            end_date_utc: utc(until, ZONES),
            item_count: ROWS,
            filter_mask: REASONS,
            ...(all && { all_accessed_tasks: true }),
          },
        },
      }),
    ),
});

export function useCalendar(weeks: readonly string[], all: boolean) {
  const answers = useQueries({ queries: weeks.map((week) => queryOf(week, plusDays(week, 7), all)) });
  const first = weeks[0] ?? "";
  const end = plusDays(weeks.at(-1) ?? first, 7);
  const tasks = answers.flatMap(({ data }) => (data?.tasks ?? []) as unknown as Row[]);
  const rows = usePendingRows(tasks, ({ due_date }) =>
    Boolean(due_date && due_date >= first && due_date < end),
  );
  return {
    entries: entriesOf(rows).filter(({ day }) => day >= first && day < end),
    known: answers.some(({ data }) => data),
    error: answers.find(({ error, data }) => error && !data)?.error,
    more: answers.some(({ data }) => data?.has_more),
    refetch: () => answers.forEach(({ refetch }) => void refetch()),
  };
}

/** What is late, over a year back. */
export function useOverdue(all: boolean): { entries: Entry[]; more: boolean } {
  const today = dayOf(new Date());
  const { data } = useQuery(queryOf(plusDays(today, -365), today, all));
  const rows = usePendingRows((data?.tasks ?? []) as unknown as Row[], () => false);
  return {
    entries: entriesOf(rows)
      .filter(({ day, kind, row }) => kind === "due" && day < today && !row.close_date)
      .reverse(),
    more: Boolean(data?.has_more),
  };
}
