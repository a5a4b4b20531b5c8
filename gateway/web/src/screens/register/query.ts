// What is asked of a register: open or closed, steps, days, words, and what must hold of each field. In the dialect's own words when
// it is asked or saved, and back.

import type { TemplateField } from "~/api/types";

/** What must hold of one field. */
export type FieldFilter =
  | { is: "filled" }
  | { is: "empty" }
  /** One of these: ids, words, days, numbers; of a text, it begins so. */
  | { is: "one_of"; values: string[] }
  /** Between, both ends excluded; either may be open. */
  | { is: "between"; above?: string; below?: string };

export interface RegisterQuery {
  state: "open" | "closed" | "all";
  steps: number[];
  text: string;
  due?: "overdue" | "overdue_on_step";
  /** Days, both included. */
  created?: Days;
  modified?: Days;
  fields: Readonly<Record<number, FieldFilter>>;
}

export interface Days {
  from?: string;
  to?: string;
}

export const EVERYTHING: RegisterQuery = { state: "open", steps: [], text: "", fields: {} };

/** The beginning of time, for tasks that were ever closed. */
const EVER = "1970-01-01T00:00:00Z";
const TEXTS = new Set(["text", "email", "phone"]);

/** The body of `POST /v4/forms/{id}/register`. Fields that the form has no more are left out. Pure. */
export function asked(query: RegisterQuery, fields: readonly TemplateField[]): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  if (query.state !== "open") body.include_archived = true;
  if (query.state === "closed") body.closed_after = EVER;
  if (query.steps.length > 0) body.steps = query.steps;
  if (/[\p{L}\p{N}]/u.test(query.text)) body.include_text = query.text.trim().slice(0, 300);
  if (query.due) body.due_filter = query.due;
  Object.assign(body, moments("created", query.created), moments("modified", query.modified));
  for (const field of fields) {
    const filter = query.fields[field.id];
    const value = filter && written(field, filter);
    if (value !== undefined) body[`fld${field.id}`] = value;
  }
  return body;
}

function written(field: TemplateField, filter: FieldFilter): unknown {
  switch (filter.is) {
    case "filled":
      return "*";
    case "empty":
      return "empty";
    case "one_of": {
      if (filter.values.length === 0) return undefined;
      // A lone text may look like a word of the mini-language.
      if (TEXTS.has(field.type) && filter.values.length === 1) return [`eq.${filter.values[0]}`];
      return filter.values;
    }
    case "between": {
      const ends = [
        ...(filter.above ? [`gt${filter.above}`] : []),
        ...(filter.below ? [`lt${filter.below}`] : []),
      ];
      return ends.length > 0 ? ends.join(",") : undefined;
    }
  }
}

function moments(name: string, days: Days | undefined): Record<string, string> {
  const found: Record<string, string> = {};
  if (days?.from) found[`${name}_after`] = momentOf(days.from, "00:00:00");
  if (days?.to) found[`${name}_before`] = momentOf(days.to, "23:59:59");
  return found;
}

/** The moment at which a day begins or ends where one is. */
function momentOf(day: string, time: string): string {
  const date = new Date(`${day}T${time}`);
  return Number.isNaN(date.getTime()) ? `${day}T${time}Z` : `${date.toISOString().slice(0, 19)}Z`;
}

function dayOf(moment: unknown): string | undefined {
  const date = new Date(String(moment));
  if (moment === undefined || Number.isNaN(date.getTime())) return undefined;
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** A question as it was saved; what is not understood is left out. Pure. */
export function readAsked(
  body: Readonly<Record<string, unknown>>,
  fields: readonly TemplateField[],
): RegisterQuery {
  const days = (name: string): Days | undefined => {
    const [from, to] = [dayOf(body[`${name}_after`]), dayOf(body[`${name}_before`])];
    return from || to ? { ...(from ? { from } : {}), ...(to ? { to } : {}) } : undefined;
  };
  const truth = (value: unknown) => value === true || /^(true|y|1)$/i.test(String(value ?? ""));
  const listed = (value: unknown): string[] =>
    Array.isArray(value)
      ? value.map(String)
      : value === undefined || value === null
        ? []
        : String(value).split(",");
  const found: Record<number, FieldFilter> = {};
  for (const field of fields) {
    const value = body[`fld${field.id}`];
    if (value !== undefined)
      found[field.id] = readFilter(
        field,
        listed(value).map((one) => one.trim()),
      );
  }
  const query: RegisterQuery = {
    state: truth(body.include_archived) ? (body.closed_after ? "closed" : "all") : "open",
    steps: listed(body.steps).map(Number).filter(Number.isInteger),
    text: typeof body.include_text === "string" ? body.include_text : "",
    fields: found,
  };
  if (body.due_filter === "overdue" || body.due_filter === "past_due") query.due = "overdue";
  else if (body.due_filter === "overdue_on_step") query.due = "overdue_on_step";
  const [created, modified] = [days("created"), days("modified")];
  if (created) query.created = created;
  if (modified) query.modified = modified;
  return query;
}

function readFilter(field: TemplateField, values: string[]): FieldFilter {
  const [one = "", other] = values;
  if (values.length === 1 && one === "*") return { is: "filled" };
  if (values.length === 1 && one === "empty") return { is: "empty" };
  const end = (text: string | undefined, word: string) =>
    text?.startsWith(word) && /^[\d.-]/.test(text.slice(2)) ? text.slice(2) : undefined;
  if (!TEXTS.has(field.type) && values.length <= 2) {
    const above = end(one, "gt");
    const below = end(one, "lt") ?? end(other, "lt");
    if (above !== undefined || (below !== undefined && values.length === 1)) {
      return { is: "between", ...(above ? { above } : {}), ...(below ? { below } : {}) };
    }
  }
  return { is: "one_of", values: values.map((value) => value.replace(/^eq\./, "")) };
}

/** How a field can be asked; nothing of those that a register does not filter by. */
export function kindOfFilter(
  field: TemplateField,
):
  | "text"
  | "number"
  | "date"
  | "moment"
  | "checkmark"
  | "flag"
  | "time"
  | "person"
  | "choice"
  | "catalog"
  | "task"
  | undefined {
  if (field.info.formula) return undefined;
  switch (field.type) {
    case "text":
    case "email":
    case "phone":
      return "text";
    case "money":
    case "number":
      return "number";
    case "date":
    case "due_date":
      return "date";
    case "due_date_time":
      return "moment";
    case "checkmark":
      return "checkmark";
    case "flag":
      return "flag";
    case "time":
      return "time";
    case "person":
      return "person";
    case "multiple_choice":
      return "choice";
    case "catalog":
      return "catalog";
    case "form_link":
      return "task";
    default:
      return undefined;
  }
}

/** Whether anything is asked besides what is open. */
export const isNarrowed = (query: RegisterQuery): boolean =>
  query.state !== "open" ||
  query.steps.length > 0 ||
  query.text.trim() !== "" ||
  query.due !== undefined ||
  query.created !== undefined ||
  query.modified !== undefined ||
  Object.keys(query.fields).length > 0;
