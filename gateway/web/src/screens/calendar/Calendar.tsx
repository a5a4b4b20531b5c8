// Tasks by the days on which they are due or come back: a month, a week, or one day after the other.

import { ChevronLeft, ChevronRight, Plus, TriangleAlert } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useSearchParams } from "wouter";
import { useActions } from "~/app/actions";
import { Opening } from "~/app/Opening";
import { useTitle } from "~/app/title";
import { useFormat, useSpeech, useT } from "~/i18n";
import { dayOf, fromDay } from "~/i18n/format";
import { plusDays, weekOf } from "~/screens/lists/grouping";
import { Button, IconButton } from "~/ui/Button";
import { useNarrow } from "~/ui/narrow";
import { Page } from "~/ui/Page";
import { Popover } from "~/ui/Popover";
import { ProblemNote } from "~/ui/ProblemNote";
import { Agenda } from "./Agenda";
import css from "./Calendar.module.css";
import { EntryLink } from "./EntryLink";
import { byDay, stepped, VIEWS, type View, weeksOf } from "./layout";
import { Month } from "./Month";
import { NewTask } from "./NewTask";
import { useCalendar, useOverdue } from "./useCalendar";

const Grid = lazy(() => import("./Grid"));

export default function Calendar() {
  const t = useT();
  const { locale } = useSpeech();
  const format = useFormat();
  const narrow = useNarrow();
  const [params, setParams] = useSearchParams();
  const today = dayOf(new Date());
  const asked = VIEWS.find((view) => view === params.get("view"));
  const view: View = narrow && asked === "week" ? "agenda" : (asked ?? (narrow ? "agenda" : "month"));
  const given = params.get("day") ?? "";
  const day = /^\d{4}-\d\d-\d\d$/.test(given) && !Number.isNaN(fromDay(given).getTime()) ? given : today;
  const all = params.get("all") === "yes";
  const weeks = weeksOf(view, day);
  const { entries, known, error, more, refetch } = useCalendar(weeks, all);
  const overdue = useOverdue(all);
  const [making, setMaking] = useState<string>();
  const set = (change: Record<string, string | undefined>) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(change)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  const step = (by: 1 | -1) => set({ day: stepped(view, day, by) });
  const group = t.calendar.title;
  useTitle(t.calendar.title);
  useActions([
    { id: "calendar.today", label: t.calendar.today, keys: "t", group, run: () => set({ day: undefined }) },
    { id: "calendar.before", label: t.calendar.before, keys: "[", group, run: () => step(-1) },
    { id: "calendar.after", label: t.calendar.after, keys: "]", group, run: () => step(1) },
    {
      id: "calendar.month",
      label: t.calendar.views.month,
      keys: "m",
      group,
      run: () => set({ view: "month" }),
    },
    { id: "calendar.week", label: t.calendar.views.week, keys: "w", group, run: () => set({ view: "week" }) },
    {
      id: "calendar.agenda",
      label: t.calendar.views.agenda,
      keys: "a",
      group,
      run: () => set({ view: "agenda" }),
    },
    { id: "calendar.make", label: t.calendar.make, keys: "n", group, run: () => setMaking(day) },
    {
      id: "calendar.all",
      label: all ? t.calendar.mine : t.calendar.all,
      keys: "e",
      group,
      run: () => set({ all: all ? undefined : "yes" }),
    },
  ]);
  const heading =
    view === "month"
      ? new Intl.DateTimeFormat(locale, { month: "long", year: "numeric" }).format(fromDay(day))
      : `${format.day(view === "week" ? weekOf(day) : day)} – ${format.day(plusDays(weeks.at(-1) ?? day, 6))}`;
  const days = byDay(entries);
  const late = overdue.entries.length > 0 && (
    <Popover
      label={t.calendar.overdue}
      placement="bottom-end"
      button={
        <Button size="s" className={css.late} icon={<TriangleAlert size={14} />}>
          {t.calendar.late(overdue.entries.length)}
          {overdue.more ? "+" : ""}
        </Button>
      }
    >
      <ul className={css.popped}>
        {overdue.entries.map((entry) => (
          <li key={entry.key}>
            <EntryLink entry={entry} withDay />
          </li>
        ))}
      </ul>
    </Popover>
  );
  const segments = (
    <>
      <Segments
        label={t.calendar.whose}
        chosen={all ? "all" : "mine"}
        choices={[
          ["mine", t.calendar.mine],
          ["all", t.calendar.all],
        ]}
        onChoose={(whose) => set({ all: whose === "all" ? "yes" : undefined })}
      />
      <Segments
        label={t.calendar.view}
        chosen={view}
        choices={VIEWS.filter((one) => !(narrow && one === "week")).map((one) => [
          one,
          t.calendar.views[one],
        ])}
        onChoose={(chosen) => set({ view: chosen })}
      />
    </>
  );
  return (
    <>
      <Page
        title={<span className={css.heading}>{heading}</span>}
        fixed
        bar={narrow && <div className={css.bar}>{segments}</div>}
        actions={
          <>
            {view !== "agenda" && !narrow && late}
            <span className={css.steps}>
              <IconButton label={t.calendar.before} onClick={() => step(-1)}>
                <ChevronLeft size={18} />
              </IconButton>
              <Button size="s" onClick={() => set({ day: undefined })}>
                {t.calendar.today}
              </Button>
              <IconButton label={t.calendar.after} onClick={() => step(1)}>
                <ChevronRight size={18} />
              </IconButton>
            </span>
            {!narrow && segments}
            {!narrow && (
              <IconButton label={t.calendar.make} onClick={() => setMaking(day)}>
                <Plus size={18} />
              </IconButton>
            )}
          </>
        }
      >
        {error && !known ? <ProblemNote error={error} onRetry={refetch} /> : null}
        {more && <p className={css.note}>{t.calendar.more}</p>}
        {!known && !error ? (
          <Opening />
        ) : view === "agenda" ? (
          <Agenda from={day} days={days} overdue={day <= today ? overdue.entries : []} onMake={setMaking} />
        ) : narrow ? (
          <Month
            weeks={weeks}
            day={day}
            days={days}
            onDay={(next) => set({ day: next })}
            onMake={setMaking}
          />
        ) : (
          <Suspense fallback={<Opening />}>
            <Grid
              weeks={weeks}
              day={day}
              days={days}
              month={view === "month" ? day.slice(0, 7) : undefined}
              onDay={(next) => set({ day: next })}
              onMake={setMaking}
            />
          </Suspense>
        )}
      </Page>
      {making !== undefined && <NewTask day={making} onClose={() => setMaking(undefined)} />}
    </>
  );
}

function Segments<T extends string>({
  label,
  choices,
  chosen,
  onChoose,
}: {
  label: string;
  choices: [T, string][];
  chosen: T;
  onChoose: (choice: T) => void;
}) {
  return (
    <fieldset className={css.segments} aria-label={label}>
      {choices.map(([id, name]) => (
        <button key={id} type="button" aria-pressed={id === chosen} onClick={() => onChoose(id)}>
          {name}
        </button>
      ))}
    </fieldset>
  );
}
