// The fields of a form's task as they are filled in, each by its kind. A field whose value is not understood says so and breaks nothing.

import { Pencil } from "lucide-react";
import { memo, use, useMemo, useState } from "react";
import type { Field, Form, TemplateField } from "~/api/types";
import { FieldValue, hasValue } from "~/fields/FieldValue";
import { isRequired } from "~/fields/validate";
import { isTold } from "~/fields/values";
import { type Versioning, VersioningContext } from "~/files/versions";
import { useT } from "~/i18n";
import { attachedIn, keyOf } from "~/store/carried";
import { FieldEdit } from "./FieldEdit";
import css from "./FieldList.module.css";

/** Read as text where it is: the head of the task shows these already. */
const ELSEWHERE = new Set(["step", "status", "author", "creation_date", "button"]);

const nested = (field: Field): Field[] => {
  const value = field.value as { fields?: Field[] } | undefined;
  return Array.isArray(value?.fields) ? value.fields : [];
};

/** How fields are changed where they stand. */
export interface Changing {
  task: number;
  form: Form;
  step: number;
  onChange: (update: { id: number; value: unknown }) => void;
}

interface Props {
  fields: readonly Field[];
  /** Marked as new. */
  changed?: ReadonlySet<number>;
  changing?: Changing;
}

export const FieldList = memo(function FieldList({ fields, changed, changing }: Props) {
  const templates = useMemo(() => templatesOf(changing?.form.fields), [changing?.form]);
  const shown = fields.filter(({ type }) => !ELSEWHERE.has(type));
  const plain = shown.filter(({ type }) => type !== "title" && type !== "note");
  // What is filled in comes first.
  const sorted = [...plain.filter(hasValue), ...plain.filter((field) => !hasValue(field))];
  const rest = shown.filter(({ type }) => type === "title" || type === "note");
  return (
    <>
      {sorted.length > 0 && (
        <dl className={css.list}>
          {sorted.map((field) => (
            <One
              key={field.id}
              field={field}
              template={templates.get(field.id)}
              changed={changed}
              changing={changing}
            />
          ))}
        </dl>
      )}
      {rest.map((field) => (
        <section key={field.id} className={css.section}>
          {field.type === "note" ? (
            <p className={css.note}>{typeof field.value === "string" ? field.value : field.name}</p>
          ) : (
            <>
              <h3>{field.name}</h3>
              <FieldList fields={nested(field)} changed={changed} changing={changing} />
            </>
          )}
        </section>
      ))}
    </>
  );
});

/** Fields of a form by their ids, with those that lie in others; not the columns of tables, whose ids are their own. */
function templatesOf(fields: readonly TemplateField[] | null | undefined): Map<number, TemplateField> {
  const found = new Map<number, TemplateField>();
  const walk = (list: readonly TemplateField[] | null | undefined) => {
    for (const field of list ?? []) {
      found.set(field.id, field);
      walk(field.info?.fields);
      for (const option of field.info?.options ?? []) walk(option.fields);
    }
  };
  walk(fields);
  return found;
}

function One({
  field,
  template,
  changed,
  changing,
}: {
  field: Field;
  template: TemplateField | undefined;
  changed?: ReadonlySet<number>;
  changing?: Changing;
}) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const more = field.type === "multiple_choice" ? nested(field).filter(hasValue) : [];
  const wide =
    open ||
    field.type === "table" ||
    field.type === "file" ||
    (field.type === "text" && String(field.value ?? "").length > 60);
  const frozen =
    template?.info?.immutable_step != null && template.info.immutable_step <= (changing?.step ?? 0);
  const own = changing && template && !frozen && !isTold(template) ? changing : undefined;
  const versioning = useVersioning(field, own);
  const missing = own && !hasValue(field) && template && isRequired(template, own.step);
  const name = field.name || t.task.nameless;
  if (open && own && template)
    return (
      <div className={`${css.field} ${css.wide}`}>
        <dt className="hidden">{name}</dt>
        <dd>
          <FieldEdit field={field} template={template} changing={own} onClose={() => setOpen(false)} />
        </dd>
      </div>
    );
  return (
    <div
      className={`${css.field} ${wide ? css.wide : ""} ${changed?.has(field.id) ? css.changed : ""} ${own ? css.open : ""}`}
    >
      <dt>
        {name}
        {missing && <span className={css.missing}> · {t.task.toFill}</span>}
      </dt>
      <dd>
        <VersioningContext value={versioning}>
          <FieldValue
            field={field}
            template={template}
            empty={<span className={css.empty}>{t.task.nothing}</span>}
          />
        </VersioningContext>
        {more.length > 0 && <FieldList fields={more} changed={changed} changing={changing} />}
        {own && (
          <button
            type="button"
            className={css.edit}
            aria-label={`${t.common.edit}: ${name}`}
            title={t.common.edit}
            onClick={() => setOpen(true)}
          >
            <Pencil size={14} />
          </button>
        )}
      </dd>
    </div>
  );
}

/** A new version of a file takes its place in the field that it stands in. */
function useVersioning(field: Field, changing: Changing | undefined): Versioning | undefined {
  const known = use(VersioningContext);
  return useMemo(() => {
    if (!known || !changing || field.type !== "file") return known && { of: known.of };
    const renew: Versioning["renew"] = (old, next) => {
      const value = attachedIn(field.value).map((file) => (keyOf(file) === keyOf(old) ? next : file));
      changing.onChange({ id: field.id, value });
    };
    return { of: known.of, renew };
  }, [known, changing, field]);
}
