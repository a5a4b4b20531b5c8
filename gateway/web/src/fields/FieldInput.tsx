// One field of a form, filled in: the control that its type wants. It knows nothing of the form around it.

import { Suspense, useId } from "react";
import type { TemplateField } from "~/api/types";
import { lazily } from "~/app/lazily";
import { useT } from "~/i18n";
import { DateField } from "~/ui/DateField";
import { Checkbox, Select, TextArea, TextField } from "~/ui/Field";
import { PersonPicker } from "~/ui/PersonPicker";
import { CatalogPicker } from "./CatalogPicker";
import { asDigits } from "./digits";
import css from "./FieldInput.module.css";
import { FieldValue } from "./FieldValue";
import { TableInput } from "./TableInput";
import { TaskPicker } from "./TaskPicker";
import type { FieldError } from "./validate";
import { choicesOf, filesOf, type Input, isChecked, isTold, rowsOf, textOf } from "./values";
import { asRead } from "./write";

const FileInput = lazily(() => import("~/files/FileInput"));

export interface FieldInputProps {
  template: TemplateField;
  value: Input | undefined;
  onChange: (value: Input | undefined) => void;
  error?: FieldError;
  /** It must be filled in here. */
  required?: boolean;
  disabled?: boolean;
  /** The label is heard, not seen. */
  bare?: boolean;
  autoFocus?: boolean;
  /** What goes before a choice is made: who may be chosen where not everybody may. */
  people?: { without?: readonly number[]; roles?: boolean };
}

/** Choices that are shown all at once; more are in a list. */
const RADIOS_MAX = 5;

export function FieldInput(props: FieldInputProps) {
  const { template, value, onChange, error, required, disabled, bare, autoFocus } = props;
  const t = useT();
  const { type, name, info } = template;
  const said = typeof error === "string" ? error : error?.message;
  const frame = { label: name, hint: template.tooltip ?? undefined, error: said, required, bare };
  const set = (text: string) => onChange(text === "" ? undefined : { kind: "text", text });
  if (isTold(template)) {
    return (
      <div className={css.told}>
        <span className={bare ? "hidden" : css.label}>{name}</span>
        <output>
          <FieldValue field={asRead(template, value)} template={template} />
        </output>
        {info.formula && !bare && <span className={css.hint}>{t.fields.computed}</span>}
      </div>
    );
  }
  switch (type) {
    case "text":
      return info.multiline ? (
        <TextArea
          {...frame}
          value={textOf(value)}
          onChange={({ target }) => set(target.value)}
          disabled={disabled}
          autoFocus={autoFocus}
          rows={bare ? 1 : 3}
        />
      ) : (
        <TextField
          {...frame}
          value={textOf(value)}
          onChange={({ target }) => set(target.value)}
          disabled={disabled}
          autoFocus={autoFocus}
        />
      );
    case "money":
    case "number":
      return (
        <TextField
          {...frame}
          inputMode="decimal"
          value={textOf(value)}
          // What is pasted from a spreadsheet has its own separators.
          onChange={({ target }) => set(asDigits(target.value))}
          disabled={disabled}
          autoFocus={autoFocus}
        />
      );
    case "email":
      return (
        <TextField
          {...frame}
          type="email"
          inputMode="email"
          value={textOf(value)}
          onChange={({ target }) => set(target.value)}
          disabled={disabled}
          autoFocus={autoFocus}
        />
      );
    case "phone":
      return (
        <TextField
          {...frame}
          type="tel"
          value={textOf(value)}
          onChange={({ target }) => set(target.value)}
          disabled={disabled}
          autoFocus={autoFocus}
        />
      );
    case "date":
      return (
        <DateField
          {...frame}
          value={textOf(value) || undefined}
          onChange={(day) => set(day ?? "")}
          disabled={disabled}
          autoFocus={autoFocus}
        />
      );
    case "time":
      return (
        <TextField
          {...frame}
          type="time"
          value={textOf(value)}
          onChange={({ target }) => set(target.value)}
          disabled={disabled}
          autoFocus={autoFocus}
        />
      );
    case "due_date":
    case "due_date_time":
      return <DueInput {...props} said={said} />;
    case "checkmark":
      return (
        <div className={css.check}>
          <Checkbox
            label={
              <>
                <span className={bare ? "hidden" : undefined}>{name}</span>
                {required && !bare && <span aria-hidden="true"> *</span>}
              </>
            }
            hint={bare ? undefined : (template.tooltip ?? undefined)}
            checked={isChecked(value)}
            onChange={({ target }) => onChange({ kind: "checked", checked: target.checked })}
            disabled={disabled}
            aria-invalid={said ? true : undefined}
          />
          {said && (
            <div className={css.error} role="alert">
              {said}
            </div>
          )}
        </div>
      );
    case "title":
      return (
        <Checkbox
          label={t.fields.section}
          checked={isChecked(value)}
          onChange={({ target }) => onChange({ kind: "checked", checked: target.checked })}
          disabled={disabled}
        />
      );
    case "flag": {
      const chosen = value?.kind === "checked" ? (value.checked ? "checked" : "unchecked") : "none";
      return (
        <Select
          {...frame}
          value={chosen}
          disabled={disabled}
          onChange={({ target }) =>
            onChange(
              target.value === "none" ? undefined : { kind: "checked", checked: target.value === "checked" },
            )
          }
        >
          {(["none", "checked", "unchecked"] as const).map((word) => (
            <option key={word} value={word}>
              {t.fields.flag[word]}
            </option>
          ))}
        </Select>
      );
    }
    case "person":
      return (
        <PersonPicker
          label={name}
          bare={bare}
          value={value?.kind === "person" ? [value.id] : []}
          onChange={([id]) => onChange(id === undefined ? undefined : { kind: "person", id })}
          without={props.people?.without}
          roles={props.people?.roles}
          error={said}
          required={required}
          disabled={disabled}
          autoFocus={autoFocus}
        />
      );
    case "multiple_choice":
      return <ChoiceInput {...props} said={said} />;
    case "catalog":
      return (
        <CatalogPicker
          {...frame}
          catalog={info.catalog_id ?? 0}
          multiple={info.multiple_choice}
          value={value?.kind === "items" ? value : undefined}
          onChange={onChange}
          disabled={disabled}
          autoFocus={autoFocus}
        />
      );
    case "form_link":
      return (
        <TaskPicker
          {...frame}
          form={info.form_id ?? undefined}
          multiple={info.multiple_choice}
          value={value?.kind === "tasks" ? value : undefined}
          onChange={onChange}
          disabled={disabled}
          autoFocus={autoFocus}
        />
      );
    case "table":
      return (
        <TableInput
          template={template}
          rows={rowsOf(value)}
          onChange={(rows) => onChange(rows.length === 0 ? undefined : { kind: "rows", rows })}
          error={error}
          required={required}
          disabled={disabled}
        />
      );
    case "file":
      return (
        <Suspense fallback={<div className={css.filesComing} />}>
          <FileInput
            {...frame}
            files={filesOf(value)}
            onChange={(files) => onChange(files.length === 0 ? undefined : { kind: "files", files })}
            disabled={disabled}
            autoFocus={autoFocus}
          />
        </Suspense>
      );
    default:
      return (
        <div className={css.told}>
          <span className={css.label}>{name}</span>
          <span className={css.hint}>{t.fields.unreadable}</span>
        </div>
      );
  }
}

function DueInput(props: FieldInputProps & { said?: string }) {
  const { template, value, onChange, required, disabled, bare, said, autoFocus } = props;
  const t = useT();
  const due = value?.kind === "due" ? value.due : undefined;
  return (
    <div className={css.due}>
      <DateField
        label={template.name}
        bare={bare}
        hint={template.tooltip ?? undefined}
        error={said}
        required={required}
        disabled={disabled}
        autoFocus={autoFocus}
        time={template.type === "due_date_time"}
        value={due?.value}
        onChange={(next) => onChange(next ? { kind: "due", due: { ...due, value: next } } : undefined)}
      />
      {!bare && due && template.type === "due_date_time" && (
        <TextField
          label={t.fields.duration}
          inputMode="numeric"
          disabled={disabled}
          value={due.duration ?? ""}
          onChange={({ target }) => {
            const minutes = Number.parseInt(target.value, 10);
            onChange({
              kind: "due",
              due:
                Number.isFinite(minutes) && minutes >= 0
                  ? { value: due.value, duration: minutes }
                  : { value: due.value },
            });
          }}
        />
      )}
    </div>
  );
}

function ChoiceInput(props: FieldInputProps & { said?: string }) {
  const { template, value, onChange, required, disabled, bare, said, autoFocus } = props;
  const t = useT();
  const id = useId();
  const chosen = choicesOf(value);
  const multiple = template.info.multiple_choice;
  // A choice that was taken out of the form stays to be seen where it was made.
  const options = (template.info.options ?? []).filter(
    (option) => !option.deleted || chosen.includes(option.choice_id),
  );
  const choose = (ids: number[]) => onChange(ids.length === 0 ? undefined : { kind: "choices", ids });
  if (!multiple && (bare || options.length > RADIOS_MAX)) {
    return (
      <Select
        label={template.name}
        bare={bare}
        hint={template.tooltip ?? undefined}
        error={said}
        required={required}
        disabled={disabled}
        autoFocus={autoFocus}
        value={chosen[0] ?? ""}
        onChange={({ target }) => choose(target.value === "" ? [] : [Number(target.value)])}
      >
        <option value="">{bare ? "" : t.fields.choose}</option>
        {options.map((option) => (
          <option key={option.choice_id} value={option.choice_id}>
            {option.choice_value}
          </option>
        ))}
      </Select>
    );
  }
  return (
    <fieldset
      className={css.choices}
      aria-describedby={said ? `${id}-error` : undefined}
      aria-invalid={said ? true : undefined}
    >
      <legend className={bare ? "hidden" : css.label}>
        {template.name}
        {required && (
          <span className={css.required} aria-hidden="true">
            {" *"}
          </span>
        )}
      </legend>
      <div className={options.length > 12 ? css.many : css.options}>
        {options.map((option) => (
          <label key={option.choice_id} className={css.option}>
            <input
              type={multiple ? "checkbox" : "radio"}
              name={id}
              checked={chosen.includes(option.choice_id)}
              disabled={disabled}
              onChange={({ target }) => {
                if (!multiple) choose([option.choice_id]);
                else if (target.checked) choose([...chosen, option.choice_id]);
                else choose(chosen.filter((other) => other !== option.choice_id));
              }}
              // What is not required can be taken back: a second press on a radio empties the field.
              onClick={() => {
                if (!multiple && !required && chosen.includes(option.choice_id)) choose([]);
              }}
            />
            <span>{option.choice_value}</span>
          </label>
        ))}
      </div>
      {template.tooltip && !bare && <div className={css.hint}>{template.tooltip}</div>}
      {said && (
        <div id={`${id}-error`} className={css.error} role="alert">
          {said}
        </div>
      )}
    </fieldset>
  );
}
