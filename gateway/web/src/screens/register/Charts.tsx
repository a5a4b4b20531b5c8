// A register in numbers: how many stand where, what was chosen, how many came each month, and how long each step takes. Each chart is
// a table to those who hear it.

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, good } from "~/api/client";
import type { Form, TemplateField } from "~/api/types";
import { useFormat, useSpeech, useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import { ProblemNote } from "~/ui/ProblemNote";
import css from "./Charts.module.css";
import type { RegisterTask } from "./columns";
import { byChoice, byMonth, byStep, type Counted, timesOf } from "./counting";

const DAYS = 90;

export default function Charts({
  form,
  tasks,
  fields,
  whole,
}: {
  form: Form;
  tasks: readonly RegisterTask[];
  fields: readonly TemplateField[];
  whole: boolean;
}) {
  const t = useT();
  const { locale } = useSpeech();
  const choices = fields.filter(({ type }) => type === "multiple_choice");
  const [chosen, setChosen] = useState(choices[0]?.id);
  const choice = choices.find(({ id }) => id === chosen);
  const steps = useMemo(() => byStep(tasks, form.steps), [tasks, form.steps]);
  const picked = useMemo(() => (choice ? byChoice(tasks, choice) : []), [tasks, choice]);
  const months = useMemo(() => byMonth(tasks), [tasks]);
  const month = useMemo(() => new Intl.DateTimeFormat(locale, { month: "short", year: "numeric" }), [locale]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className={css.frame} aria-busy={!whole} aria-label={t.register.views.chart} tabIndex={0}>
      <Chart
        title={t.register.charts.byStep}
        hint={t.register.charts.of}
        rows={steps.map((row) => ({ ...row, name: row.name || t.register.charts.noStep }))}
      />
      {choice && (
        <Chart
          title={t.register.charts.byChoice(choice.name)}
          hint={t.register.charts.of}
          rows={picked.map((row) => ({ ...row, name: row.name || t.register.charts.notFilled }))}
          tone="info"
          tools={
            choices.length > 1 && (
              <select
                aria-label={t.register.charts.field}
                className={css.select}
                value={chosen}
                onChange={({ target }) => setChosen(Number(target.value))}
              >
                {choices.map((field) => (
                  <option key={field.id} value={field.id}>
                    {field.name}
                  </option>
                ))}
              </select>
            )
          }
        />
      )}
      <Chart
        title={t.register.charts.byMonth}
        hint={t.register.charts.of}
        rows={months.map((row) => ({ ...row, name: month.format(new Date(`${row.name}-15T12:00`)) }))}
        tone="violet"
      />
      <Times form={form} />
    </section>
  );
}

function Times({ form }: { form: Form }) {
  const t = useT();
  const format = useFormat();
  const now = new Date();
  const query = {
    formId: form.id,
    sd: dayOf(new Date(now.getTime() - DAYS * 86_400_000)),
    ed: dayOf(now),
    format: "json",
    summary: true,
  };
  const { data, error, refetch } = useQuery({
    queryKey: ["register", form.id, "times", query.ed],
    meta: { kept: false },
    queryFn: () => good(api.GET("/v4/handlingtime", { params: { query } })),
  });
  const rows = useMemo(() => timesOf(data?.summary ?? [], form.steps), [data, form.steps]);
  const span = (seconds: number) =>
    seconds < 60 ? format.span(seconds > 0 ? 1 : 0) : longSpan(seconds, format.span, t.register.charts.days);
  return (
    <Chart
      title={t.register.charts.times}
      hint={data && rows.length === 0 ? t.register.charts.noTimes : t.register.charts.timesHint}
      rows={rows.map(({ name, average }) => ({ name, count: average }))}
      said={span}
      tone="warn"
      heading={t.register.charts.average}
      more={[
        { heading: t.register.charts.longest, cells: rows.map(({ longest }) => span(longest)) },
        {
          heading: t.register.charts.decisions,
          cells: rows.map(({ decisions }) => format.number(decisions)),
        },
      ]}
    >
      {error && !data ? <ProblemNote error={error} onRetry={() => void refetch()} /> : null}
    </Chart>
  );
}

/** As coarse as it may be told: days of what takes days. */
function longSpan(
  seconds: number,
  span: (minutes: number) => string,
  days: (count: number) => string,
): string {
  const minutes = Math.round(seconds / 60);
  if (minutes >= 2 * 24 * 60) return days(Math.round(minutes / (24 * 60)));
  return span(minutes >= 600 ? Math.round(minutes / 60) * 60 : minutes);
}

interface ChartProps {
  title: string;
  hint?: string;
  rows: Counted[];
  tone?: "good" | "info" | "violet" | "warn";
  /** A number as it is said. */
  said?: (count: number) => string;
  heading?: string;
  more?: { heading: string; cells: string[] }[];
  tools?: React.ReactNode;
  children?: React.ReactNode;
}

/** Bars whose lengths compare, beside their names and numbers: one table for eyes and ears. */
function Chart({ title, hint, rows, tone = "good", said, heading, more = [], tools, children }: ChartProps) {
  const t = useT();
  const format = useFormat();
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const say = said ?? ((count: number) => format.number(count));
  return (
    <section className={css.chart}>
      <header className={css.head}>
        <div>
          <h2>{title}</h2>
          {hint && <p className={css.hint}>{hint}</p>}
        </div>
        {tools}
      </header>
      {children}
      {rows.length > 0 && (
        <table className={css.table}>
          <caption className="hidden">{title}</caption>
          <thead className={more.length > 0 ? undefined : css.unseen}>
            <tr>
              <th scope="col">{t.register.charts.name}</th>
              <th scope="col" colSpan={2}>
                {heading ?? t.register.charts.tasks}
              </th>
              {more.map((column) => (
                <th key={column.heading} scope="col" className={css.right}>
                  {column.heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={row.name}>
                <th scope="row" className={css.name}>
                  {row.name}
                </th>
                <td className={css.track} aria-hidden="true">
                  <span
                    className={`${css.fill} ${css[tone]}`}
                    style={{ width: `${(100 * row.count) / most}%`, minWidth: row.count > 0 ? 2 : 0 }}
                  />
                </td>
                <td className={css.count}>{say(row.count)}</td>
                {more.map((column) => (
                  <td key={column.heading} className={css.right}>
                    {column.cells[at]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
