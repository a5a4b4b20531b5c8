// A month on a phone: its days with a dot for each task, and below them the day that was tapped.

import { Plus } from "lucide-react";
import { useFormat, useSpeech, useT } from "~/i18n";
import { dayOf, fromDay } from "~/i18n/format";
import { Button } from "~/ui/Button";
import css from "./Calendar.module.css";
import { EntryLink } from "./EntryLink";
import { daysOf, type Entry } from "./layout";

export function Month({
  weeks,
  day,
  days,
  onDay,
  onMake,
}: {
  weeks: readonly string[];
  day: string;
  days: ReadonlyMap<string, Entry[]>;
  onDay: (day: string) => void;
  onMake: (day: string) => void;
}) {
  const t = useT();
  const format = useFormat();
  const { locale } = useSpeech();
  const today = dayOf(new Date());
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "narrow" });
  const entries = days.get(day) ?? [];
  return (
    <div className={css.small}>
      <div className={css.weekdays} aria-hidden="true">
        {daysOf(weeks[0] ?? day).map((one) => (
          <span key={one}>{weekday.format(fromDay(one))}</span>
        ))}
      </div>
      <div className={css.dots}>
        {weeks.flatMap(daysOf).map((one) => (
          <button
            key={one}
            type="button"
            className={`${css.dotted} ${one.startsWith(day.slice(0, 7)) ? "" : css.outside}`}
            aria-pressed={one === day}
            aria-current={one === today ? "date" : undefined}
            aria-label={`${fromDay(one).getDate()}, ${t.calendar.dayShort(format.dayName(one), days.get(one)?.length ?? 0)}`}
            onClick={() => onDay(one)}
          >
            {fromDay(one).getDate()}
            <span>
              {(days.get(one) ?? []).slice(0, 3).map((entry) => (
                <i key={entry.key} className={entry.kind === "scheduled" ? css.scheduled : undefined} />
              ))}
            </span>
          </button>
        ))}
      </div>
      <section className={css.chosenDay}>
        <h2>{format.dayName(day)}</h2>
        <ul>
          {entries.map((entry) => (
            <li key={entry.key}>
              <EntryLink entry={entry} roomy />
            </li>
          ))}
        </ul>
        {entries.length === 0 && <p className={css.none}>{t.calendar.nothingDue}</p>}
        <Button icon={<Plus size={16} />} onClick={() => onMake(day)}>
          {t.calendar.make}
        </Button>
      </section>
    </div>
  );
}
