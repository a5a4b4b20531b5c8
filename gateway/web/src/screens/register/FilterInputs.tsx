// One part of what is asked of a register, changed: what every task has, and each type of field.

import type { Form, TemplateField } from "~/api/types";
import { CatalogPicker } from "~/fields/CatalogPicker";
import { asDigits } from "~/fields/digits";
import { TaskPicker } from "~/fields/TaskPicker";
import { useT } from "~/i18n";
import { DateField } from "~/ui/DateField";
import { Checkbox, Select, TextField } from "~/ui/Field";
import { PersonPicker } from "~/ui/PersonPicker";
import { shifted } from "./FilterBar";
import css from "./FilterBar.module.css";
import { type FieldFilter, kindOfFilter, type RegisterQuery } from "./query";

export type OwnFilter = "state" | "steps" | "due" | "created" | "modified";

export function OwnFilterInput({
  name,
  form,
  query,
  onChange,
}: {
  name: OwnFilter;
  form: Form;
  query: RegisterQuery;
  onChange: (query: RegisterQuery) => void;
}) {
  const t = useT();
  if (name === "state") {
    return (
      <Select
        label={t.register.state}
        value={query.state}
        onChange={({ target }) => onChange({ ...query, state: target.value as RegisterQuery["state"] })}
      >
        {(["open", "closed", "all"] as const).map((state) => (
          <option key={state} value={state}>
            {t.register.states[state]}
          </option>
        ))}
      </Select>
    );
  }
  if (name === "steps") {
    const steps = Object.entries(form.steps).sort(([left], [right]) => Number(left) - Number(right));
    if (steps.length === 0) return null;
    return (
      <fieldset className={css.set}>
        <legend>{t.register.steps}</legend>
        {steps.map(([number, step]) => (
          <Checkbox
            key={number}
            label={step}
            checked={query.steps.includes(Number(number))}
            onChange={({ target }) =>
              onChange({
                ...query,
                steps: target.checked
                  ? [...query.steps, Number(number)].sort((a, b) => a - b)
                  : query.steps.filter((other) => other !== Number(number)),
              })
            }
          />
        ))}
      </fieldset>
    );
  }
  if (name === "due") {
    return (
      <Select
        label={t.register.overdue}
        value={query.due ?? ""}
        onChange={({ target }) =>
          onChange({ ...query, due: (target.value || undefined) as RegisterQuery["due"] })
        }
      >
        <option value="">{t.register.any}</option>
        <option value="overdue">{t.register.dues.overdue}</option>
        <option value="overdue_on_step">{t.register.dues.overdue_on_step}</option>
      </Select>
    );
  }
  const days = query[name];
  const put = (part: { from?: string; to?: string }) => {
    const next = { ...days, ...part };
    onChange({ ...query, [name]: next.from || next.to ? next : undefined });
  };
  return (
    <fieldset className={css.set}>
      <legend>{t.register.columns[name]}</legend>
      <div className={css.two}>
        <DateField label={t.register.from} value={days?.from} onChange={(from) => put({ from })} />
        <DateField label={t.register.to} value={days?.to} onChange={(to) => put({ to })} />
      </div>
    </fieldset>
  );
}

export function FieldFilterInput({
  field,
  filter,
  onChange,
}: {
  field: TemplateField;
  filter: FieldFilter | undefined;
  onChange: (filter: FieldFilter | undefined) => void;
}) {
  const t = useT();
  const kind = kindOfFilter(field);
  const values = filter?.is === "one_of" ? filter.values : [];
  const one = (next: string[]) => onChange(next.length > 0 ? { is: "one_of", values: next } : undefined);
  const how = filter?.is === "filled" ? "filled" : filter?.is === "empty" ? "empty" : "value";
  const between = filter?.is === "between" ? filter : undefined;
  const ends = (above: string | undefined, below: string | undefined) =>
    onChange(
      above || below
        ? { is: "between", ...(above ? { above } : {}), ...(below ? { below } : {}) }
        : undefined,
    );
  const isDay = kind === "date" || kind === "moment";
  return (
    <fieldset className={css.set}>
      <legend>{field.name}</legend>
      {kind !== "checkmark" && (
        <Select
          label={t.register.how}
          bare
          value={how}
          onChange={({ target }) =>
            onChange(target.value === "value" ? undefined : { is: target.value as "filled" | "empty" })
          }
        >
          <option value="value">{kind === "text" ? t.register.beginsWith : t.register.is}</option>
          <option value="filled">{t.register.filled}</option>
          <option value="empty">{t.register.notFilled}</option>
        </Select>
      )}
      {how === "value" && kind === "text" && (
        <TextField
          label={t.register.beginsWith}
          bare
          placeholder={t.register.beginsWith}
          value={values[0] ?? ""}
          onChange={({ target }) => one(target.value === "" ? [] : [target.value])}
        />
      )}
      {how === "value" && kind === "number" && (
        <div className={css.two}>
          <TextField
            label={t.register.above}
            inputMode="decimal"
            value={between?.above ?? ""}
            onChange={({ target }) => ends(asDigits(target.value), between?.below)}
          />
          <TextField
            label={t.register.below}
            inputMode="decimal"
            value={between?.below ?? ""}
            onChange={({ target }) => ends(between?.above, asDigits(target.value))}
          />
        </div>
      )}
      {how === "value" && isDay && (
        <div className={css.two}>
          <DateField
            label={t.register.from}
            value={between?.above && shifted(between.above, 1)}
            onChange={(day) => ends(end(kind, day, -1), between?.below)}
          />
          <DateField
            label={t.register.to}
            value={between?.below && shifted(between.below, -1)}
            onChange={(day) => ends(between?.above, end(kind, day, 1))}
          />
        </div>
      )}
      {how === "value" && kind === "time" && (
        <TextField
          label={t.register.value}
          bare
          type="time"
          value={values[0] ?? ""}
          onChange={({ target }) => one(target.value ? [target.value] : [])}
        />
      )}
      {(kind === "checkmark" || (how === "value" && kind === "flag")) && (
        <Select
          label={t.register.value}
          bare
          value={values[0] ?? ""}
          onChange={({ target }) => one(target.value ? [target.value] : [])}
        >
          <option value="">{t.register.any}</option>
          <option value="checked">{t.fields.checked}</option>
          <option value="unchecked">{t.fields.unchecked}</option>
        </Select>
      )}
      {how === "value" && kind === "person" && (
        <PersonPicker
          label={field.name}
          bare
          multiple
          value={values.map(Number)}
          onChange={(ids) => one(ids.map(String))}
        />
      )}
      {how === "value" && kind === "choice" && (
        <div className={css.many}>
          {(field.info.options ?? []).map((option) => (
            <Checkbox
              key={option.choice_id}
              label={option.choice_value}
              checked={values.includes(String(option.choice_id))}
              onChange={({ target }) =>
                one(
                  target.checked
                    ? [...values, String(option.choice_id)]
                    : values.filter((value) => value !== String(option.choice_id)),
                )
              }
            />
          ))}
        </div>
      )}
      {how === "value" && kind === "catalog" && (
        <CatalogPicker
          label={field.name}
          bare
          multiple
          catalog={field.info.catalog_id ?? 0}
          value={
            values.length > 0
              ? { kind: "items", headers: [], items: values.map((id) => ({ id: Number(id), values: [] })) }
              : undefined
          }
          onChange={(input) => one(input?.kind === "items" ? input.items.map(({ id }) => String(id)) : [])}
        />
      )}
      {how === "value" && kind === "task" && (
        <TaskPicker
          label={field.name}
          bare
          multiple
          form={field.info.form_id ?? undefined}
          value={values.length > 0 ? { kind: "tasks", ids: values.map(Number) } : undefined}
          onChange={(input) => one(input?.kind === "tasks" ? input.ids.map(String) : [])}
        />
      )}
    </fieldset>
  );
}

/** The end that lies just outside: days are asked for with both ends excluded. */
function end(kind: string | undefined, day: string | undefined, by: number): string | undefined {
  if (!day) return undefined;
  const next = shifted(day, by);
  return kind === "moment" ? `${next}T${by < 0 ? "23:59:59" : "00:00:00"}Z` : next;
}
