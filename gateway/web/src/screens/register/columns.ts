// The columns of a register: those of every task and those of the form's fields; and the order of rows by one of them.

import type { Task, TemplateField } from "~/api/types";
import * as decimal from "~/expression/decimal";
import { flat, plainDigits } from "~/fields/read";
import type { Placed } from "~/fields/values";

/** A row of a register. */
export type RegisterTask = Pick<
  Task,
  | "id"
  | "text"
  | "author"
  | "create_date"
  | "last_modified_date"
  | "close_date"
  | "due_date"
  | "due"
  | "current_step"
  | "is_closed"
  | "approvals"
  | "fields"
>;

/** `id`, `title` and so on, or a field by its id. */
export type ColumnId =
  | "id"
  | "title"
  | "step"
  | "author"
  | "created"
  | "modified"
  | "due"
  | "closed"
  | `f${number}`;

export interface Column {
  id: ColumnId;
  /** Pixels. */
  width: number;
}

export interface Sort {
  by: ColumnId;
  descending: boolean;
}

export const OWN: readonly ColumnId[] = [
  "id",
  "title",
  "step",
  "author",
  "created",
  "modified",
  "due",
  "closed",
];
export const WIDTH_MIN = 72;
export const WIDTH_MAX = 640;

export const fieldOf = (id: ColumnId): number | undefined =>
  /^f\d+$/.test(id) ? Number(id.slice(1)) : undefined;

/** How wide a column is before anybody has drawn it wider. */
export function widthOf(id: ColumnId, field?: TemplateField): number {
  switch (id) {
    case "id":
      return 80;
    case "title":
      return 320;
    case "step":
    case "author":
      return 170;
    case "created":
    case "modified":
    case "due":
    case "closed":
      return 120;
    default:
      return field ? (WIDTHS[field.type] ?? 160) : 160;
  }
}

const WIDTHS: Partial<Record<string, number>> = {
  text: 220,
  money: 120,
  number: 100,
  date: 120,
  time: 90,
  checkmark: 90,
  table: 100,
  person: 180,
  catalog: 180,
};

/** Fields that have a column: all but sections, notes, and what is within a table. */
export const columnFields = (all: readonly Placed[]): TemplateField[] =>
  all
    .filter(({ field, parent }) => parent?.field.type !== "table" && !NO_COLUMN.has(field.type))
    .map(({ field }) => field);

const NO_COLUMN = new Set<string>([
  "title",
  "note",
  "button",
  "step",
  "status",
  "author",
  "creation_date",
  "project",
]);

/** What is shown before anybody has chosen: title, step, the first fields, and when it moved last. */
export function defaultColumns(fields: readonly TemplateField[]): Column[] {
  const first = fields.filter(({ type, info }) => type !== "table" && !info.multiline).slice(0, 6);
  const ids: ColumnId[] = [
    "title",
    "step",
    ...first.map(({ id }) => `f${id}` as const),
    "author",
    "modified",
  ];
  return ids.map((id) => ({
    id,
    width: widthOf(
      id,
      fields.find((field) => `f${field.id}` === id),
    ),
  }));
}

/** What a row holds in a field. */
export const shownIn = (task: RegisterTask, field: number) =>
  flat(task.fields).find(({ id }) => id === field);

/** A task's title without the name of its form, which every title here begins with. Pure. */
export function titleIn(form: string, task: Pick<RegisterTask, "id" | "text">): string {
  const text = task.text || `№ ${task.id}`;
  return text.startsWith(`${form}: `) ? text.slice(form.length + 2) : text;
}

/** A number as near as floats come, and exactly. */
interface Exact {
  near: number;
  exact: decimal.Decimal;
}

type Key = string | number | Exact | undefined;

/** What rows are ordered by, by column, for as long as the row is the same. */
const keys = new WeakMap<RegisterTask, Map<ColumnId, Key>>();

function keptKey(task: RegisterTask, id: ColumnId): Key {
  let own = keys.get(task);
  if (!own) {
    own = new Map();
    keys.set(task, own);
  }
  if (!own.has(id)) own.set(id, keyOf(task, id));
  return own.get(id);
}

function keyOf(task: RegisterTask, id: ColumnId): Key {
  switch (id) {
    case "id":
      return task.id;
    case "title":
      return task.text ?? undefined;
    case "step":
      return task.current_step ?? undefined;
    case "author":
      return [task.author?.last_name, task.author?.first_name].filter(Boolean).join(" ") || undefined;
    case "created":
      return task.create_date;
    case "modified":
      return task.last_modified_date;
    case "due":
      return task.due ?? task.due_date ?? undefined;
    case "closed":
      return task.close_date ?? undefined;
    default: {
      const field = shownIn(task, fieldOf(id) ?? 0);
      const value = field?.value;
      if (value === undefined || value === null || value === "") return undefined;
      if (field?.type === "money" || field?.type === "number") {
        const exact = decimal.parse(plainDigits(value));
        return exact && { near: Number(value), exact };
      }
      if (typeof value !== "object") return String(value);
      if (Array.isArray(value)) return value.length;
      const shown = value as Record<string, unknown>;
      if (Array.isArray(shown.choice_ids)) {
        const names = shown.choice_names;
        return Array.isArray(names) ? names.join(", ") : undefined;
      }
      if (Array.isArray(shown.rows)) return String((shown.rows[0] as unknown[] | undefined)?.[0] ?? "");
      if (shown.last_name || shown.first_name)
        return [shown.last_name, shown.first_name].filter(Boolean).join(" ");
      return typeof shown.subject === "string" ? shown.subject : undefined;
    }
  }
}

/** Rows in the order of a column, what is empty last either way; rows that are alike stay as they were. Pure. */
export function sorted(tasks: readonly RegisterTask[], sort: Sort | undefined): readonly RegisterTask[] {
  if (!sort) return tasks;
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const keyed = tasks.map((task) => ({ task, key: keptKey(task, sort.by) }));
  const compare = (left: Key, right: Key): number => {
    if (typeof left === "object" && typeof right === "object")
      return left.near === right.near ? decimal.compare(left.exact, right.exact) : left.near - right.near;
    if (typeof left === "number" && typeof right === "number") return left - right;
    return collator.compare(String(left), String(right));
  };
  keyed.sort((left, right) => {
    if (left.key === undefined || right.key === undefined)
      return Number(left.key === undefined) - Number(right.key === undefined);
    const by = compare(left.key, right.key);
    return sort.descending ? -by : by;
  });
  return keyed.map(({ task }) => task);
}
