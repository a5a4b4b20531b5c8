// What is asked of a register, as words that can be taken away, and a way to ask more. With a thumb it is a sheet.

import { Plus, SlidersHorizontal, X } from "lucide-react";
import { useState } from "react";
import type { Form, TemplateField } from "~/api/types";
import { dayNumber, dayOf } from "~/expression/calendar";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Popover } from "~/ui/Popover";
import css from "./FilterBar.module.css";
import { FieldFilterInput, type OwnFilter, OwnFilterInput } from "./FilterInputs";
import { EVERYTHING, type FieldFilter, isNarrowed, kindOfFilter, type RegisterQuery } from "./query";

interface Props {
  form: Form;
  fields: readonly TemplateField[];
  query: RegisterQuery;
  onChange: (query: RegisterQuery) => void;
  narrow: boolean;
  count: number;
}

const OWN_FILTERS: readonly OwnFilter[] = ["state", "steps", "due", "created", "modified"];

export function FilterBar({ form, fields, query, onChange, narrow, count }: Props) {
  const t = useT();
  const names = useOwnNames();
  const [open, setOpen] = useState(false);
  const [fresh, setFresh] = useState<number[]>([]);
  const able = fields.filter((field) => kindOfFilter(field));
  const own = OWN_FILTERS.filter((name) => isSet(query, name));
  const shown = able.filter(({ id }) => query.fields[id] || fresh.includes(id));
  const put = (field: TemplateField, filter: FieldFilter | undefined) => {
    const next = { ...query.fields };
    if (filter) next[field.id] = filter;
    else delete next[field.id];
    onChange({ ...query, fields: next });
  };
  const total = own.length + Object.keys(query.fields).length;
  if (narrow) {
    return (
      <>
        <Button
          icon={<SlidersHorizontal size={16} />}
          onClick={() => setOpen(true)}
          className={css.sheetButton}
        >
          {total > 0 ? `${t.register.filters} · ${total}` : t.register.filters}
        </Button>
        <Dialog
          open={open}
          onClose={() => setOpen(false)}
          title={t.register.filters}
          size="full"
          foot={
            <>
              <Button onClick={() => onChange({ ...EVERYTHING, text: query.text })} disabled={total === 0}>
                {t.register.clearFilters}
              </Button>
              <Button kind="primary" onClick={() => setOpen(false)}>
                {t.register.showResults(count)}
              </Button>
            </>
          }
        >
          {OWN_FILTERS.map((name) => (
            <OwnFilterInput key={name} name={name} form={form} query={query} onChange={onChange} />
          ))}
          {able.map((field) => (
            <FieldFilterInput
              key={field.id}
              field={field}
              filter={query.fields[field.id]}
              onChange={(filter) => put(field, filter)}
            />
          ))}
        </Dialog>
      </>
    );
  }
  return (
    <div className={css.bar}>
      {own.map((name) => (
        <Chip
          key={name}
          name={names[name]}
          onRemove={() => onChange(without(query, name))}
          words={<OwnWords form={form} query={query} name={name} />}
        >
          <OwnFilterInput name={name} form={form} query={query} onChange={onChange} />
        </Chip>
      ))}
      {shown.map((field) => (
        <Chip
          key={field.id}
          name={field.name}
          opened={fresh.includes(field.id) && !query.fields[field.id]}
          onRemove={() => {
            setFresh(fresh.filter((id) => id !== field.id));
            put(field, undefined);
          }}
          words={<FieldWords field={field} filter={query.fields[field.id]} />}
        >
          <FieldFilterInput
            field={field}
            filter={query.fields[field.id]}
            onChange={(filter) => put(field, filter)}
          />
        </Chip>
      ))}
      <Popover
        label={t.register.addFilter}
        button={
          <Button size="s" kind="quiet" icon={<Plus size={14} />}>
            {t.register.filter}
          </Button>
        }
      >
        {(close) => (
          <div className={css.choices}>
            {OWN_FILTERS.filter((name) => !own.includes(name)).map((name) => (
              <button
                key={name}
                type="button"
                className={css.choice}
                onClick={() => {
                  close();
                  onChange(begun(query, name));
                }}
              >
                {names[name]}
              </button>
            ))}
            <hr className={css.line} />
            {able
              .filter((field) => !shown.includes(field))
              .map((field) => (
                <button
                  key={field.id}
                  type="button"
                  className={css.choice}
                  onClick={() => {
                    close();
                    setFresh([...fresh, field.id]);
                  }}
                >
                  {field.name}
                </button>
              ))}
          </div>
        )}
      </Popover>
      {isNarrowed({ ...query, text: "" }) && (
        <Button
          size="s"
          kind="quiet"
          onClick={() => {
            setFresh([]);
            onChange({ ...EVERYTHING, text: query.text });
          }}
        >
          {t.register.clearFilters}
        </Button>
      )}
    </div>
  );
}

function Chip({
  name,
  words,
  onRemove,
  children,
  opened,
}: {
  name: string;
  words: React.ReactNode;
  onRemove: () => void;
  children: React.ReactNode;
  opened?: boolean;
}) {
  const t = useT();
  return (
    <span className={css.chip}>
      <Popover
        label={name}
        initially={opened}
        button={
          <button type="button" className={css.words}>
            <b>{name}</b> {words}
          </button>
        }
      >
        {children}
      </Popover>
      <button
        type="button"
        className={css.remove}
        aria-label={t.register.removeFilter(name)}
        onClick={onRemove}
      >
        <X size={13} />
      </button>
    </span>
  );
}

function useOwnNames(): Record<OwnFilter, string> {
  const t = useT();
  return {
    state: t.register.state,
    steps: t.register.steps,
    due: t.register.overdue,
    created: t.register.columns.created,
    modified: t.register.columns.modified,
  };
}

function isSet(query: RegisterQuery, name: OwnFilter): boolean {
  if (name === "state") return query.state !== "open";
  if (name === "steps") return query.steps.length > 0;
  return query[name] !== undefined;
}

function without(query: RegisterQuery, name: OwnFilter): RegisterQuery {
  if (name === "state") return { ...query, state: "open" };
  if (name === "steps") return { ...query, steps: [] };
  return { ...query, [name]: undefined };
}

/** Something to begin with, so that its words are there to be changed. */
function begun(query: RegisterQuery, name: OwnFilter): RegisterQuery {
  const today = new Date().toISOString().slice(0, 10);
  if (name === "state") return { ...query, state: "all" };
  if (name === "steps") return { ...query, steps: [1] };
  if (name === "due") return { ...query, due: "overdue" };
  const month = dayOf((dayNumber(today) ?? 0) - 30) ?? today;
  return { ...query, [name]: { from: month } };
}

function OwnWords({ form, query, name }: { form: Form; query: RegisterQuery; name: OwnFilter }) {
  const t = useT();
  const format = useFormat();
  if (name === "state") return <>{t.register.states[query.state]}</>;
  if (name === "steps")
    return <>{query.steps.map((step) => form.steps[String(step)] ?? t.fields.step(step)).join(", ")}</>;
  if (name === "due") return <>{query.due ? t.register.dues[query.due] : ""}</>;
  const days = query[name];
  return (
    <>
      {[
        days?.from && t.register.said.from(format.day(days.from)),
        days?.to && t.register.said.to(format.day(days.to)),
      ]
        .filter(Boolean)
        .join(" ")}
    </>
  );
}

function FieldWords({ field, filter }: { field: TemplateField; filter: FieldFilter | undefined }) {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  if (!filter) return <>{t.register.any}</>;
  if (filter.is === "filled") return <>{t.register.filled}</>;
  if (filter.is === "empty") return <>{t.register.notFilled}</>;
  const kind = kindOfFilter(field);
  if (filter.is === "between") {
    const isDay = kind === "date" || kind === "moment";
    // Both ends of days are shown as days that belong to it.
    const above =
      filter.above &&
      (isDay
        ? t.register.said.from(format.day(shifted(filter.above, 1)))
        : t.register.said.above(filter.above));
    const below =
      filter.below &&
      (isDay
        ? t.register.said.to(format.day(shifted(filter.below, -1)))
        : t.register.said.below(filter.below));
    return <>{[above, below].filter(Boolean).join(" ")}</>;
  }
  const word = (value: string): string => {
    if (kind === "person") return format.person(directory.get(Number(value))) || `№ ${value}`;
    if (kind === "choice")
      return field.info.options?.find(({ choice_id }) => String(choice_id) === value)?.choice_value ?? value;
    if (kind === "checkmark" || kind === "flag")
      return value === "checked" ? t.fields.checked : value === "unchecked" ? t.fields.unchecked : value;
    if (kind === "date") return format.day(value);
    if (kind === "catalog" || kind === "task") return `№ ${value}`;
    return value;
  };
  return <>{filter.values.map(word).join(", ")}</>;
}

/** A day so many days on. */
export function shifted(day: string, by: number): string {
  const number = dayNumber(day.slice(0, 10));
  return number === undefined ? day : (dayOf(number + by) ?? day);
}
