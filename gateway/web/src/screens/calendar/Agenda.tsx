// What is due, one day after the other: the late first, then today, then what comes.

import { CalendarCheck, Plus } from "lucide-react";
import { useFormat, useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import { Button, IconButton } from "~/ui/Button";
import { Empty } from "~/ui/Empty";
import css from "./Calendar.module.css";
import { EntryLink } from "./EntryLink";
import type { Entry } from "./layout";

export function Agenda({
  from,
  days,
  overdue,
  onMake,
}: {
  from: string;
  days: ReadonlyMap<string, Entry[]>;
  overdue: Entry[];
  onMake: (day: string) => void;
}) {
  const t = useT();
  const format = useFormat();
  const today = dayOf(new Date());
  const shown = [...days].filter(([day]) => day >= from);
  if (shown.length === 0 && overdue.length === 0)
    return (
      <Empty
        icon={<CalendarCheck size={24} />}
        title={t.calendar.empty}
        action={
          <Button kind="primary" onClick={() => onMake(today)}>
            {t.calendar.make}
          </Button>
        }
      >
        {t.calendar.emptyHint}
      </Empty>
    );
  return (
    <div className={css.agenda}>
      {overdue.length > 0 && (
        <section>
          <h2 className={css.lateHead}>
            {t.calendar.overdue} <small>{overdue.length}</small>
          </h2>
          <ul>
            {overdue.map((entry) => (
              <li key={entry.key}>
                <EntryLink entry={entry} withDay roomy />
              </li>
            ))}
          </ul>
        </section>
      )}
      {shown.map(([day, entries]) => (
        <section key={day}>
          <h2 className={day === today ? css.todayHead : undefined}>
            <span className={css.dayHead}>{format.dayName(day)}</span>
            <IconButton label={t.calendar.makeOn(format.dayName(day))} onClick={() => onMake(day)}>
              <Plus size={16} />
            </IconButton>
          </h2>
          <ul>
            {entries.map((entry) => (
              <li key={entry.key}>
                <EntryLink entry={entry} roomy />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
