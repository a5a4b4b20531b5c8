import { CalendarClock } from "lucide-react";
import { useFormat } from "~/i18n";
import { begun, dayOf } from "~/i18n/format";
import type { Row } from "./change";
import { dueDay } from "./grouping";
import css from "./Lists.module.css";

/** When a task is due; what is late says so in colour and in its icon. */
export function DueBadge({ row }: { row: Row }) {
  const format = useFormat();
  const day = dueDay(row);
  if (!day) return null;
  const today = dayOf(new Date());
  const state = row.close_date ? "" : day < today ? css.late : day === today ? css.today : "";
  return (
    <span className={`${css.due} ${state}`}>
      {state === css.late && <CalendarClock size={13} aria-hidden="true" />}
      {begun(format.dayName(day))}
      {row.due && ` ${format.time(row.due)}`}
    </span>
  );
}
