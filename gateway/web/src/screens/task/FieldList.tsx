// The fields of a form's task as they are filled in, each by its kind. A field whose value is not understood says so and breaks nothing.

import { memo, type ReactNode } from "react";
import { Link } from "wouter";
import type { Field, Person } from "~/api/types";
import { useFormat, useT } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import css from "./FieldList.module.css";
import { leadsSomewhere } from "./html";
import { RichText } from "./RichText";
import { isEmpty, valueText } from "./value";

/** Read as text where it is: the head of the task shows these already. */
const ELSEWHERE = new Set(["step", "status", "author", "creation_date", "button"]);

const nested = (field: Field): Field[] => {
  const value = field.value as { fields?: Field[] } | undefined;
  return Array.isArray(value?.fields) ? value.fields : [];
};

export const FieldList = memo(function FieldList({
  fields,
  changed,
}: {
  fields: readonly Field[];
  /** Marked as new. */
  changed?: ReadonlySet<number>;
}) {
  const shown = fields.filter(({ type }) => !ELSEWHERE.has(type));
  const plain = shown.filter(({ type }) => type !== "title" && type !== "note");
  const filled = plain.filter(({ value }) => !isEmpty(value));
  const blank = plain.filter(({ value }) => isEmpty(value));
  const rest = shown.filter(({ type }) => type === "title" || type === "note");
  return (
    <>
      {filled.length + blank.length > 0 && (
        <dl className={css.list}>
          {filled.map((field) => (
            <One key={field.id} field={field} changed={changed} />
          ))}
          {blank.map((field) => (
            <One key={field.id} field={field} changed={changed} />
          ))}
        </dl>
      )}
      {rest.map((field) => (
        <section key={field.id} className={css.section}>
          {field.type === "note" ? (
            <p className={css.note}>{typeof field.value === "string" ? field.value : field.name}</p>
          ) : (
            <>
              <h4>{field.name}</h4>
              <FieldList fields={nested(field)} changed={changed} />
            </>
          )}
        </section>
      ))}
    </>
  );
});

function One({ field, changed }: { field: Field; changed?: ReadonlySet<number> }) {
  const t = useT();
  const more = field.type === "multiple_choice" ? nested(field).filter(({ value }) => !isEmpty(value)) : [];
  const wide = field.type === "table" || (field.type === "text" && String(field.value ?? "").length > 60);
  return (
    <div className={`${css.field} ${wide ? css.wide : ""} ${changed?.has(field.id) ? css.changed : ""}`}>
      <dt>{field.name || t.task.nameless}</dt>
      <dd>
        <FieldValue field={field} />
        {more.length > 0 && <FieldList fields={more} changed={changed} />}
      </dd>
    </div>
  );
}

export function FieldValue({ field }: { field: Field }): ReactNode {
  const t = useT();
  const format = useFormat();
  const { type, value } = field;
  if (isEmpty(value)) return <span className={css.empty}>{t.task.nothing}</span>;
  switch (type) {
    case "text":
      return typeof value === "string" ? <RichText text={value} /> : valueText(field, t, format);
    case "email":
      return leadsSomewhere(`mailto:${value}`) ? (
        <a href={`mailto:${String(value)}`}>{String(value)}</a>
      ) : (
        String(value)
      );
    case "phone":
      return <a href={`tel:${String(value).replace(/[^+\d]/g, "")}`}>{String(value)}</a>;
    case "person": {
      const person = value as Person;
      return (
        <span className={css.person}>
          <Avatar person={person} size={20} /> {format.person(person)}
        </span>
      );
    }
    case "form_link": {
      const { task_ids: ids = [], subject } = value as { task_ids?: number[]; subject?: string };
      return ids.map((id, index) => (
        <Link key={id} href={`/tasks/${id}`} className={css.link}>
          {index === 0 && subject ? subject : `№ ${id}`}
        </Link>
      ));
    }
    case "catalog": {
      const { rows, headers } = value as { rows?: unknown[][]; headers?: string[] };
      if (!Array.isArray(rows)) return valueText(field, t, format);
      return rows.map((row, index) => (
        <span key={index} className={css.item}>
          {String(row?.[0] ?? "")}
          {row.length > 1 && (
            <small title={headers?.slice(1).join(" · ")}>
              {row.slice(1).filter(Boolean).map(String).join(" · ")}
            </small>
          )}
        </span>
      ));
    }
    case "table":
      return <Table rows={value} />;
    case "money":
    case "number":
      return <span className={css.number}>{valueText(field, t, format)}</span>;
    default:
      return valueText(field, t, format);
  }
}

interface Row {
  row_id: number;
  cells?: Field[];
  deleted?: boolean;
}

function Table({ rows }: { rows: unknown }) {
  const t = useT();
  if (!Array.isArray(rows)) return t.task.unreadable;
  const shown = (rows as Row[]).filter((row) => row && !row.deleted && Array.isArray(row.cells));
  const columns = new Map<number, string>();
  for (const row of shown) for (const cell of row.cells ?? []) columns.set(cell.id, cell.name);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <div className={css.frame} tabIndex={0}>
      <table className={css.table}>
        <thead>
          <tr>
            {[...columns].map(([id, name]) => (
              <th key={id} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, 200).map((row) => (
            <tr key={row.row_id}>
              {[...columns.keys()].map((id) => {
                const cell = row.cells?.find((candidate) => candidate.id === id);
                return <td key={id}>{cell && !isEmpty(cell.value) ? <FieldValue field={cell} /> : ""}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length > 200 && <p className={css.note}>{t.task.rows(shown.length)}</p>}
    </div>
  );
}
