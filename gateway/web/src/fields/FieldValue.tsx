// One field of a task, read. Whatever stands in it, of whatever type: what cannot be understood is said to be so, and breaks nothing.

import { Check, Flag, Paperclip, X } from "lucide-react";
import { Fragment, type ReactNode, Suspense, useState } from "react";
import { Link } from "wouter";
import type { Field, Person, TemplateField } from "~/api/types";
import { lazily } from "~/app/lazily";
import { addressOf, isLink, nameOf } from "~/files/shown";
import { useFormat, useT } from "~/i18n";
import type { Formats } from "~/i18n/format";
import { type Attached, attachedIn, keyOf } from "~/store/carried";
import { useDirectory } from "~/store/directory";
import { Avatar } from "~/ui/Avatar";
import { Badge } from "~/ui/Badge";
import css from "./FieldValue.module.css";
import { plainDigits } from "./read";

const Attachments = lazily(() => import("~/files/Attachments"));

/** Characters that are drawn before one asks for all. */
const CHARACTERS_SHOWN = 4_000;

interface Props {
  field: Field;
  template?: TemplateField;
  /** In one line, as in a cell. */
  compact?: boolean;
  /** What is shown where nothing stands. */
  empty?: ReactNode;
  /** The names of the form's steps. */
  steps?: Record<string, string>;
  /** Files are downloaded from here in one line too: it is not itself something to press. */
  downloads?: boolean;
}

export function FieldValue({ field, template, compact, empty, steps, downloads }: Props) {
  const t = useT();
  const shown = useShown(field, template, compact, steps, downloads);
  if (shown === undefined) {
    return <>{empty ?? (compact ? null : <span className={css.empty}>{t.fields.empty}</span>)}</>;
  }
  return <>{shown}</>;
}

const object = (value: unknown): Record<string, unknown> =>
  value && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const array = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (value == null || typeof value === "object" ? "" : String(value));

/** Nothing where the field is empty. */
function useShown(
  field: Field,
  template: TemplateField | undefined,
  compact: boolean | undefined,
  steps: Record<string, string> | undefined,
  downloads: boolean | undefined,
): ReactNode | undefined {
  const t = useT();
  const format = useFormat();
  const { value, type } = field;
  if (type === "title") return <Section field={field} template={template} compact={compact} />;
  if (value === undefined || value === null || value === "") return undefined;
  switch (type) {
    case "text":
    case "note":
      return <LongText text={text(value)} compact={compact} />;
    case "money":
      return <span className={css.number}>{money(format, value)}</span>;
    case "number":
      return <span className={css.number}>{numeric(format, value, template?.info.decimal_places)}</span>;
    case "date":
    case "creation_date":
      return <time dateTime={text(value)}>{day(format, value)}</time>;
    case "time":
      return text(value);
    case "due_date":
    case "due_date_time": {
      const minutes = Number(field.duration ?? 0);
      return (
        <span>
          <time dateTime={text(value)}>
            {type === "due_date" ? day(format, value) : moment(format, value)}
          </time>
          {minutes > 0 && <span className={css.soft}> · {format.span(minutes)}</span>}
        </span>
      );
    }
    case "checkmark":
      return <Mark checked={value === "checked" || value === true} compact={compact} />;
    case "flag":
      if (value === "none") return undefined;
      return (
        <span className={css.mark}>
          <Flag size={14} aria-hidden="true" className={value === "checked" ? css.on : css.off} />
          {value === "checked" ? t.fields.flag.checked : t.fields.flag.unchecked}
        </span>
      );
    case "email": {
      const address = text(value);
      if (compact || !/^[^\s@?&]+@[^\s@?&]+$/.test(address)) return address;
      return <a href={`mailto:${encodeURI(address)}`}>{address}</a>;
    }
    case "phone":
      return text(value);
    case "step": {
      const number = Number(text(value));
      return steps?.[String(number)] ?? t.fields.step(number);
    }
    case "status":
      return value === "closed" ? (
        <Badge>{t.fields.closed}</Badge>
      ) : (
        <Badge tone="info">{t.fields.open}</Badge>
      );
    case "multiple_choice":
      return <Choices value={object(value)} template={template} compact={compact} />;
    case "catalog":
      return <Items value={object(value)} compact={compact} />;
    case "person":
    case "author":
      return <PersonName person={object(value) as unknown as Person} />;
    case "table":
      return <Table rows={array(value)} template={template} compact={compact} />;
    case "form_link":
      return <Links value={object(value)} compact={compact} />;
    case "file":
      return attachedIn(value).length > 0 ? (
        <Files files={attachedIn(value)} compact={compact} downloads={downloads} />
      ) : undefined;
    case "project":
      return array(object(value).projects)
        .map((project) => text(object(project).name))
        .filter(Boolean)
        .join(", ");
    case "button":
      return undefined;
    default:
      return typeof value === "object" ? (
        <span className={css.empty}>{t.fields.unreadable}</span>
      ) : (
        <LongText text={text(value)} compact={compact} />
      );
  }
}

/** Digits grouped as the language does, all of them kept. */
function money(format: Formats, value: unknown): string {
  const digits = plainDigits(value);
  const places = digits.includes(".") ? digits.length - digits.indexOf(".") - 1 : 0;
  return safely(digits, () => format.number(digits, Math.min(Math.max(places, 2), 20)));
}

function numeric(format: Formats, value: unknown, places: number | null | undefined): string {
  const digits = plainDigits(value);
  return safely(digits, () => format.number(digits, places ? Math.min(places, 20) : undefined));
}

const day = (format: Formats, value: unknown) =>
  safely(text(value), () => format.day(text(value).slice(0, 10)));
const moment = (format: Formats, value: unknown) => safely(text(value), () => format.full(text(value)));

/** As it stands where it is no number and no day. */
function safely(raw: string, made: () => string): string {
  try {
    const shown = made();
    return shown === "NaN" ? raw : shown;
  } catch {
    return raw;
  }
}

function LongText({ text: whole, compact }: { text: string; compact?: boolean }) {
  const t = useT();
  const [all, setAll] = useState(false);
  if (compact) return <span className={css.line}>{whole.slice(0, 300)}</span>;
  const cut = !all && whole.length > CHARACTERS_SHOWN;
  return (
    <div className={css.long}>
      {cut ? `${whole.slice(0, CHARACTERS_SHOWN)}…` : whole}
      {cut && (
        <button type="button" className={css.more} onClick={() => setAll(true)}>
          {t.fields.showAll}
        </button>
      )}
    </div>
  );
}

function Mark({ checked, compact }: { checked: boolean; compact?: boolean }) {
  const t = useT();
  const word = checked ? t.fields.checked : t.fields.unchecked;
  return (
    <span className={css.mark}>
      {checked ? (
        <Check size={15} aria-hidden="true" className={css.on} />
      ) : (
        <X size={15} aria-hidden="true" className={css.off} />
      )}
      <span className={compact ? "hidden" : undefined}>{word}</span>
    </span>
  );
}

export function PersonName({ person }: { person: Person }) {
  if (!person?.id) return null;
  // Where the name came along nobody is looked up: a register shows hundreds of them.
  return person.first_name || person.last_name ? (
    <Named person={{ ...person, type: person.type ?? "user" }} />
  ) : (
    <LookedUp person={person} />
  );
}

function LookedUp({ person }: { person: Person }) {
  const known = useDirectory().get(person.id);
  return <Named person={{ ...person, ...known, type: person.type ?? known?.type ?? "user" }} />;
}

function Named({ person }: { person: Person }) {
  const format = useFormat();
  return (
    <span className={css.person}>
      <Avatar person={person} size={20} />
      <span className={css.line}>{format.person(person)}</span>
    </span>
  );
}

function Choices({
  value,
  template,
  compact,
}: {
  value: Record<string, unknown>;
  template?: TemplateField;
  compact?: boolean;
}) {
  const ids = array(value.choice_ids ?? (value.choice_id === undefined ? [] : [value.choice_id]));
  const known = array(value.choice_names);
  const names = ids.map((id, index) => {
    const named = text(known[index]);
    return (
      named ||
      (template?.info.options?.find(({ choice_id }) => choice_id === id)?.choice_value ?? `№ ${text(id)}`)
    );
  });
  if (names.length === 0 && known.length === 0) return null;
  const inner = array(value.fields) as Field[];
  const options = template?.info.options?.flatMap((option) => option.fields ?? []);
  return (
    <>
      <span className={css.chips}>
        {(names.length > 0 ? names : known.map(text)).map((name, index) => (
          <Badge key={index}>{name}</Badge>
        ))}
      </span>
      {!compact && inner.length > 0 && <FieldList fields={inner} templates={options} />}
    </>
  );
}

function Items({ value, compact }: { value: Record<string, unknown>; compact?: boolean }) {
  const headers = array(value.headers).map(text);
  const rows = array(value.rows ?? (value.values ? [value.values] : [])).map((row) => array(row).map(text));
  if (compact) return <span className={css.line}>{rows.map(([name]) => name).join(", ")}</span>;
  return (
    <ul className={css.items}>
      {rows.map(([name, ...rest], index) => (
        <li key={index}>
          <span>{name}</span>
          {rest.some(Boolean) && (
            <span className={css.columns}>
              {rest.map((cell, at) =>
                cell ? (
                  <span key={at}>
                    <span className="hidden">{headers[at + 1]}: </span>
                    {cell}
                  </span>
                ) : null,
              )}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function Links({ value, compact }: { value: Record<string, unknown>; compact?: boolean }) {
  const t = useT();
  const ids = array(value.task_ids ?? (value.task_id === undefined ? [] : [value.task_id])).map(Number);
  const subject = text(value.subject);
  const name = (id: number) => (ids.length === 1 && subject ? subject : t.fields.task(id));
  if (compact) return <span className={css.line}>{ids.map(name).join(", ")}</span>;
  return (
    <ul className={css.links}>
      {ids.map((id) => (
        <li key={id}>
          <Link href={`/tasks/${id}`}>{name(id)}</Link>
        </li>
      ))}
    </ul>
  );
}

/** More names than any cell has room for. */
const NAMES_MAX = 10;

function Files({
  files,
  compact,
  downloads,
}: {
  files: readonly Attached[];
  compact?: boolean;
  downloads?: boolean;
}) {
  const t = useT();
  if (!compact)
    return (
      <Suspense fallback={<span className={css.soft}>{t.fields.files(files.length)}</span>}>
        <Attachments files={files} />
      </Suspense>
    );
  return (
    <span className={css.files}>
      <Paperclip size={14} aria-hidden="true" />
      <span className={css.line}>
        {files.slice(0, NAMES_MAX).map((file, at) => {
          const address = downloads ? addressOf(file) : undefined;
          const name = <bdi title={nameOf(file, t)}>{nameOf(file, t)}</bdi>;
          return (
            <Fragment key={keyOf(file)}>
              {at > 0 && ", "}
              {address ? (
                <a
                  href={address}
                  // Cells are gone through by arrows; the task itself has all of them for the keyboard.
                  tabIndex={-1}
                  {...(isLink(file) ? { target: "_blank", rel: "noopener noreferrer" } : { download: "" })}
                  onClick={(event) => event.stopPropagation()}
                >
                  <span className="hidden">{t.files.save} </span>
                  {name}
                </a>
              ) : (
                name
              )}
            </Fragment>
          );
        })}
      </span>
    </span>
  );
}

function Table({
  rows,
  template,
  compact,
}: {
  rows: unknown[];
  template?: TemplateField;
  compact?: boolean;
}) {
  const t = useT();
  const live = rows.map(object).filter((row) => row.deleted !== true);
  if (compact) return <span className={css.soft}>{t.fields.rows(live.length)}</span>;
  const known = template?.info.columns ?? [];
  const seen = new Map<number, { id: number; name: string; type: Field["type"] }>();
  for (const column of known) seen.set(column.id, column);
  for (const row of live) {
    for (const cell of array(row.cells) as Field[]) {
      if (cell && !seen.has(cell.id)) seen.set(cell.id, { id: cell.id, name: cell.name, type: cell.type });
    }
  }
  const columns = [...seen.values()];
  const isNumber = (type: string) => type === "money" || type === "number";
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keys
    <section className={css.frame} tabIndex={0} aria-label={template?.name}>
      <table className={css.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={isNumber(column.type) ? css.right : undefined}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {live.map((row, index) => (
            <tr key={text(row.row_id) || index}>
              {columns.map((column) => {
                const cell = (array(row.cells) as Field[]).find((one) => one?.id === column.id);
                return (
                  <td
                    key={column.id}
                    data-label={column.name}
                    className={isNumber(column.type) ? css.right : undefined}
                  >
                    {cell && (
                      <FieldValue
                        field={{ ...cell, type: cell.type ?? column.type }}
                        template={known.find(({ id }) => id === column.id)}
                        empty=""
                      />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Section({
  field,
  template,
  compact,
}: {
  field: Field;
  template?: TemplateField;
  compact?: boolean;
}) {
  const value = object(field.value);
  const inner = array(value.fields) as Field[];
  const mark = value.checkmark;
  if (compact) return mark === undefined ? null : <Mark checked={mark === "checked"} compact />;
  return (
    <>
      {mark !== undefined && <Mark checked={mark === "checked"} />}
      <FieldList fields={inner} templates={template?.info.fields ?? undefined} />
    </>
  );
}

/** Fields under each other, with their names. Empty ones are left out. */
export function FieldList({ fields, templates }: { fields: Field[]; templates?: TemplateField[] }) {
  const filled = fields.filter((field) => field && (field.type === "title" || hasValue(field)));
  if (filled.length === 0) return null;
  return (
    <dl className={css.list}>
      {filled.map((field) => (
        <div key={field.id} className={css.pair}>
          <dt>{field.name}</dt>
          <dd>
            <FieldValue field={field} template={templates?.find(({ id }) => id === field.id)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Whether something stands in it. */
export function hasValue(field: Field): boolean {
  const { value } = field;
  if (value === undefined || value === null || value === "") return false;
  if (field.type === "title") return array(object(value).fields).some((inner) => hasValue(inner as Field));
  return !(Array.isArray(value) && value.length === 0) && !(field.type === "flag" && value === "none");
}
