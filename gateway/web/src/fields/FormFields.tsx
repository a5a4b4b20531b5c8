// A whole form, filled in: its fields in order, those that conditions show, sections, and what belongs to a choice below it.

import { useMemo } from "react";
import type { Form, TemplateField } from "~/api/types";
import { useSession } from "~/app/context";
import { useT } from "~/i18n";
import { type About, Filled } from "./condition";
import { FieldInput } from "./FieldInput";
import css from "./FormFields.module.css";
import { type Errors, isRequired } from "./validate";
import { choicesOf, type Input, isChecked, type Placed, type Values } from "./values";

interface Props {
  form: Pick<Form, "fields">;
  /** At which the task stands; a new one is filled in for step 1. */
  step: number;
  values: Values;
  onChange: (values: Values) => void;
  errors?: Errors;
  /** Who wrote the task, and whether it is closed; a new one is by whoever looks. */
  about?: Partial<About>;
  /** Whoever manages the form changes what is closed to others. */
  manages?: boolean;
  disabled?: boolean;
  /** Only these, and what belongs to them. */
  only?: (field: TemplateField) => boolean;
  autoFocus?: boolean;
}

export function FormFields(props: Props) {
  const { form, step, values, about, only } = props;
  const { me } = useSession();
  const filled = useMemo(
    () => new Filled(form.fields, values, { author: me.person, step, ...about }),
    [form.fields, values, me.person, step, about],
  );
  const shown = useMemo(() => filled.withComputed(), [filled]);
  const top = filled.all.filter((one) => !one.parent && (only?.(one.field) ?? true));
  return <Fields {...props} filled={filled} shown={shown} among={top} />;
}

type Inner = Props & { filled: Filled; shown: Values; among: Placed[] };

function Fields({ among, ...rest }: Inner) {
  const visible = among.filter(rest.filled.isVisible);
  if (visible.length === 0) return null;
  return (
    <div className={css.fields}>
      {visible.map((one, at) => (
        <One key={one.field.id} {...rest} one={one} autoFocus={rest.autoFocus && at === 0} />
      ))}
    </div>
  );
}

function One({ one, ...rest }: Omit<Inner, "among"> & { one: Placed }) {
  const { filled, shown, values, onChange, errors, step, manages, disabled, autoFocus } = rest;
  const t = useT();
  const { field } = one;
  const put = (value: Input | undefined) => onChange({ ...values, [field.id]: value });
  const inner = filled.all.filter((other) => other.parent?.field.id === field.id && field.type !== "table");
  if (field.type === "title") {
    const opened = !field.info.checkmark || isChecked(values[field.id]);
    return (
      <fieldset className={`${css.wide} ${css.section}`}>
        <legend className={css.title}>{field.name}</legend>
        {field.info.checkmark && (
          <FieldInput template={field} value={values[field.id]} onChange={put} disabled={disabled} />
        )}
        {opened && <Fields {...rest} among={inner} />}
      </fieldset>
    );
  }
  if (field.type === "note") return <p className={`${css.wide} ${css.note}`}>{field.name}</p>;
  if (field.type === "button" || field.type === "project") return null;
  const frozen = field.info.immutable_step != null && field.info.immutable_step <= step && !manages;
  const chosen = choicesOf(values[field.id]);
  const belongs = inner.filter((other) => other.choice !== undefined && chosen.includes(other.choice));
  return (
    <div className={isShort(field) && belongs.length === 0 ? css.short : css.wide} data-field={field.id}>
      <FieldInput
        template={field}
        value={shown[field.id]}
        onChange={put}
        error={errors?.[field.id]}
        required={isRequired(field, step)}
        disabled={disabled || frozen}
        autoFocus={autoFocus}
      />
      {belongs.length > 0 && (
        <fieldset className={css.nested} aria-label={field.name}>
          <legend className="hidden">{t.fields.section}</legend>
          <Fields {...rest} among={belongs} />
        </fieldset>
      )}
    </div>
  );
}

/** Two of them stand side by side where there is room. */
function isShort(field: TemplateField): boolean {
  if (field.type === "multiple_choice") {
    return (
      !field.info.multiple_choice && (field.info.options ?? []).filter(({ deleted }) => !deleted).length > 5
    );
  }
  return SHORT.has(field.type);
}

const SHORT = new Set<string>([
  "money",
  "number",
  "date",
  "time",
  "due_date",
  "email",
  "phone",
  "flag",
  "person",
  "catalog",
  "step",
  "status",
  "author",
  "creation_date",
]);
