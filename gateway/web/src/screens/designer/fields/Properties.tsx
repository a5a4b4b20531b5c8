// The properties of the chosen field, by its type.

import { useQuery } from "@tanstack/react-query";
import { useT } from "~/i18n";
import { Checkbox, Select, TextArea, TextField } from "~/ui/Field";
import { ConditionEditor } from "../conditions/ConditionEditor";
import { FormulaEditor } from "../conditions/FormulaEditor";
import { useDesigning, useFlawsOf } from "../context";
import { type Field, find } from "../model/doc";
import * as edit from "../model/edit";
import { COMPUTED, TOLD } from "../model/wire";
import { catalogsQuery, formsQuery } from "../queries";
import { iconOf } from "../types";
import { ChoicesEditor } from "./ChoicesEditor";
import css from "./Properties.module.css";

/** Types that may be filled in from the start by a text. */
const DEFAULTS = new Set([
  "text",
  "number",
  "money",
  "date",
  "time",
  "checkmark",
  "flag",
  "email",
  "phone",
  "multiple_choice",
  "catalog",
  "person",
]);

export function Properties({ field }: { field: Field }) {
  const { designer: t } = useT();
  const { design, doc, ids } = useDesigning();
  const flaw = useFlawsOf({ field: field.key });
  const at = find(doc, field.key);
  const isCell = at?.place.in === "table";
  const told = TOLD.has(field.type);
  const set = (changes: Partial<Field>, tag?: string) =>
    design.edit((now) => edit.change(now, field.key, changes), tag && `${field.key} ${tag}`);
  const id = ids.get(field.key);
  const fillable = !told && field.type !== "title";
  const steps = doc.steps.length > 0 ? doc.steps.map(({ name }) => name) : [t.start];
  const refused = flaw("refused");
  return (
    <div className={css.all}>
      <header className={css.head}>
        <span className={css.icon}>{iconOf(field.type)}</span>
        <span>
          <b>{t.types[field.type]?.[0] ?? field.type}</b>
          {id !== undefined && <small>{t.idOf(id)}</small>}
        </span>
      </header>
      {refused && (
        <p className={css.refused} role="alert">
          {refused}
        </p>
      )}
      <TextField
        label={t.name}
        value={field.name}
        maxLength={200}
        error={flaw("name")}
        onChange={({ target }) => set({ name: target.value }, "name")}
      />
      {field.type === "multiple_choice" && <ChoicesEditor field={field} />}
      {field.type === "text" && (
        <Checkbox
          label={t.multiline}
          checked={field.multiline ?? false}
          onChange={({ target }) => set({ multiline: target.checked || undefined })}
        />
      )}
      {(field.type === "multiple_choice" || field.type === "catalog" || field.type === "form_link") && (
        <Checkbox
          label={t.multiple}
          checked={field.multiple ?? false}
          onChange={({ target }) => set({ multiple: target.checked || undefined })}
        />
      )}
      {field.type === "number" && (
        <Select
          label={t.decimals}
          value={field.decimal_places ?? ""}
          onChange={({ target }) =>
            set({ decimal_places: target.value === "" ? undefined : Number(target.value) })
          }
        >
          <option value="">{t.decimalsAny}</option>
          {Array.from({ length: 11 }, (_, places) => (
            <option key={places} value={places}>
              {places}
            </option>
          ))}
        </Select>
      )}
      {field.type === "title" && (
        <Checkbox
          label={t.gate}
          checked={field.checkmark ?? false}
          onChange={({ target }) => set({ checkmark: target.checked || undefined })}
        />
      )}
      {field.type === "catalog" && (
        <CatalogChoice field={field} kept={id !== undefined} error={flaw("catalog_id")} set={set} />
      )}
      {field.type === "form_link" && <FormChoice field={field} error={flaw("form_id")} set={set} />}
      <TextArea
        label={field.type === "note" ? t.noteText : t.tooltip}
        hint={field.type === "note" ? undefined : t.tooltipHint}
        rows={field.type === "note" ? 4 : 2}
        value={field.tooltip ?? ""}
        maxLength={4_000}
        onChange={({ target }) => set({ tooltip: target.value || undefined }, "tooltip")}
      />
      {fillable && !field.formula && (
        <div className={css.two}>
          <StepChoice
            label={t.required}
            value={field.required_step}
            steps={steps}
            error={flaw("required_step")}
            onChange={(required_step) => set({ required_step })}
          />
          <StepChoice
            label={t.frozen}
            value={field.immutable_step}
            steps={steps}
            onChange={(immutable_step) => set({ immutable_step })}
          />
        </div>
      )}
      {field.type !== "note" && field.type !== "title" && field.type !== "table" && !isCell && (
        <Checkbox
          label={t.inTitle}
          checked={field.in_title ?? false}
          onChange={({ target }) => set({ in_title: target.checked || undefined })}
        />
      )}
      {DEFAULTS.has(field.type) && !field.formula && !isCell && <DefaultValue field={field} set={set} />}
      {!isCell && (
        <section className={css.part}>
          <h3>{t.visibleIf}</h3>
          <ConditionEditor
            source={field.visible_if}
            error={flaw("visible_if")}
            without={field.key}
            onChange={(visible_if) => set({ visible_if }, "visible_if")}
          />
        </section>
      )}
      {COMPUTED.has(field.type) && !isCell && (
        <section className={css.part}>
          <h3>{t.formula}</h3>
          <FormulaEditor
            source={field.formula}
            error={flaw("formula")}
            without={field.key}
            onChange={(formula) => set({ formula }, "formula")}
          />
        </section>
      )}
      {field.type !== "note" && (
        <TextField
          label={t.code}
          hint={t.codeHint}
          value={field.code ?? ""}
          maxLength={100}
          spellCheck={false}
          placeholder={edit.freeCode(doc, field.name)}
          error={flaw("code")}
          onChange={({ target }) => set({ code: target.value.trim() || undefined }, "code")}
        />
      )}
    </div>
  );
}

function StepChoice(props: {
  label: string;
  value: number | undefined;
  steps: string[];
  error?: string;
  onChange: (step: number | undefined) => void;
}) {
  const { designer: t } = useT();
  return (
    <Select
      label={props.label}
      value={props.value ?? ""}
      error={props.error}
      onChange={({ target }) => props.onChange(target.value === "" ? undefined : Number(target.value))}
    >
      <option value="">{t.never}</option>
      {props.steps.map((name, index) => (
        <option key={`${index} ${name}`} value={index + 1}>
          {t.stepNumber(index + 1, name || t.unnamed)}
        </option>
      ))}
    </Select>
  );
}

interface Chosen {
  field: Field;
  set: (changes: Partial<Field>, tag?: string) => void;
  error?: string;
}

function DefaultValue({ field, set }: Chosen) {
  const { designer: t } = useT();
  const value = field.default_value ?? "";
  const change = (text: string) => set({ default_value: text || undefined }, "default_value");
  const options: [string, string][] | undefined =
    field.type === "checkmark"
      ? [["checked", t.operators.yes]]
      : field.type === "flag"
        ? [
            ["checked", t.operators.yes],
            ["unchecked", t.operators.no],
          ]
        : field.type === "multiple_choice"
          ? (field.options ?? []).map(({ choice_value }) => [choice_value, choice_value])
          : undefined;
  if (options) {
    return (
      <Select label={t.defaultValue} value={value} onChange={({ target }) => change(target.value)}>
        <option value="">—</option>
        {options.map(([word, name], index) => (
          <option key={`${index} ${word}`} value={word}>
            {name}
          </option>
        ))}
      </Select>
    );
  }
  const type = field.type === "date" ? "date" : field.type === "time" ? "time" : "text";
  return (
    <TextField
      label={t.defaultValue}
      type={type}
      hint={type === "text" ? t.defaultHints[field.type] : undefined}
      value={value}
      onChange={({ target }) => change(target.value)}
    />
  );
}

function CatalogChoice({ field, kept, error, set }: Chosen & { kept: boolean }) {
  const { designer: t } = useT();
  const { data } = useQuery(catalogsQuery);
  const catalogs = data?.catalogs ?? [];
  const known = catalogs.some(({ catalog_id }) => catalog_id === field.catalog_id);
  return (
    <Select
      label={t.catalog}
      hint={kept ? t.catalogKept : undefined}
      error={error}
      disabled={kept && field.catalog_id !== undefined}
      value={field.catalog_id ?? ""}
      onChange={({ target }) => set({ catalog_id: Number(target.value) || undefined })}
    >
      <option value="">{t.chooseCatalog}</option>
      {field.catalog_id !== undefined && !known && (
        <option value={field.catalog_id}>{t.idOf(field.catalog_id)}</option>
      )}
      {catalogs.map(({ catalog_id, name }) => (
        <option key={catalog_id} value={catalog_id}>
          {name}
        </option>
      ))}
    </Select>
  );
}

function FormChoice({ field, error, set }: Chosen) {
  const { designer: t } = useT();
  const { data } = useQuery(formsQuery);
  const forms = data?.forms ?? [];
  const known = forms.some(({ id }) => id === field.form_id);
  return (
    <Select
      label={t.form}
      error={error}
      value={field.form_id ?? ""}
      onChange={({ target }) => set({ form_id: Number(target.value) || undefined })}
    >
      <option value="">{t.chooseForm}</option>
      {field.form_id !== undefined && !known && (
        <option value={field.form_id}>{t.idOf(field.form_id)}</option>
      )}
      {forms.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}
