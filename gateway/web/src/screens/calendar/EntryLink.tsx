// A task on its day.

import { AlarmClock, Clock } from "lucide-react";
import { memo } from "react";
import { Link } from "wouter";
import { useFormat, useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import { Avatar } from "~/ui/Avatar";
import css from "./Calendar.module.css";
import type { Entry } from "./layout";

export const EntryLink = memo(function EntryLink({
  entry: { row, at, kind, day },
  withDay,
  roomy,
}: {
  entry: Entry;
  /** Says on which day it is. */
  withDay?: boolean;
  /** With whose it is, on a row of its own. */
  roomy?: boolean;
}) {
  const t = useT();
  const format = useFormat();
  const late = kind === "due" && !row.close_date && day < dayOf(new Date());
  const classes = [
    css.entry,
    roomy && css.roomy,
    kind === "scheduled" && css.scheduled,
    late && css.overdue,
    row.close_date && css.closed,
    row.pending && css.pending,
  ]
    .filter(Boolean)
    .join(" ");
  const inside = (
    <>
      {kind === "scheduled" && <AlarmClock size={13} aria-label={t.calendar.scheduled} />}
      {row.pending && <Clock size={13} aria-label={t.lists.queued} />}
      {at && <time dateTime={at}>{format.time(at)}</time>}
      <span className={css.subject}>{row.text || `№ ${row.id}`}</span>
      {late && <span className="hidden">{t.calendar.overdue}</span>}
      {withDay && <span className={css.on}>{format.dayName(day)}</span>}
      {roomy && row.responsible && <Avatar person={row.responsible} size={20} />}
    </>
  );
  return row.id > 0 ? (
    <Link href={`/tasks/${row.id}`} className={classes} title={row.text ?? undefined} draggable={false}>
      {inside}
    </Link>
  ) : (
    <span className={classes}>{inside}</span>
  );
});
