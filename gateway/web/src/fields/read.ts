// Fields as an answer shows them, taken into the controls of a form.

import type { Field } from "~/api/types";
import { attachedIn } from "~/store/carried";
import type { Input, Row, Values } from "./values";

type Shown = Record<string, unknown>;

const object = (value: unknown): Shown =>
  value && typeof value === "object" && !Array.isArray(value) ? (value as Shown) : {};
const array = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const numbers = (value: unknown): number[] => array(value).map(Number).filter(Number.isFinite);
const texts = (value: unknown): string[] => array(value).map((text) => (text == null ? "" : String(text)));

/** What a field holds, whatever its answer looks like; nothing where it is empty, unknown or broken. */
export function fromRead(field: Pick<Field, "type" | "value" | "duration">): Input | undefined {
  const { type, value } = field;
  if (value === undefined || value === null || value === "") return undefined;
  switch (type) {
    case "text":
    case "email":
    case "phone":
    case "date":
    case "time":
      return typeof value === "object" ? undefined : { kind: "text", text: String(value) };
    case "money":
    case "number":
      return typeof value === "object" ? undefined : { kind: "text", text: plainDigits(value) };
    case "due_date":
    case "due_date_time": {
      if (typeof value !== "string") return undefined;
      const duration = field.duration == null ? undefined : Number(field.duration);
      return { kind: "due", due: { value, ...(Number.isFinite(duration) ? { duration } : {}) } };
    }
    case "checkmark":
      return { kind: "checked", checked: value === "checked" || value === true };
    case "flag":
      return value === "none" ? undefined : { kind: "checked", checked: value === "checked" };
    case "person": {
      const id = Number(object(value).id);
      return Number.isFinite(id) ? { kind: "person", id } : undefined;
    }
    case "multiple_choice": {
      const shown = object(value);
      const ids = numbers(shown.choice_ids ?? (shown.choice_id === undefined ? [] : [shown.choice_id]));
      return ids.length > 0 ? { kind: "choices", ids } : undefined;
    }
    case "catalog": {
      const shown = object(value);
      const rows = array(shown.rows);
      const items = numbers(shown.item_ids ?? (shown.item_id === undefined ? [] : [shown.item_id])).map(
        (id, index) => ({ id, values: texts(rows[index] ?? (index === 0 ? shown.values : [])) }),
      );
      return items.length > 0 ? { kind: "items", headers: texts(shown.headers), items } : undefined;
    }
    case "form_link": {
      const shown = object(value);
      const ids = numbers(shown.task_ids ?? (shown.task_id === undefined ? [] : [shown.task_id]));
      const subject = typeof shown.subject === "string" && shown.subject ? shown.subject : undefined;
      return ids.length > 0 ? { kind: "tasks", ids, ...(subject ? { subject } : {}) } : undefined;
    }
    case "title": {
      const mark = object(value).checkmark;
      return mark === undefined
        ? undefined
        : { kind: "checked", checked: mark === "checked" || mark === true };
    }
    case "file": {
      const files = attachedIn(value);
      return files.length > 0 ? { kind: "files", files } : undefined;
    }
    case "table": {
      const rows: Row[] = array(value)
        .map(object)
        .filter((row) => row.deleted !== true)
        .map((row, index) => ({
          row_id: Number.isFinite(Number(row.row_id)) ? Number(row.row_id) : index,
          position: Number(row.position ?? index),
          cells: valuesOf(array(row.cells) as Field[]),
        }))
        .sort((left, right) => left.position - right.position)
        .map(({ row_id, cells }) => ({ row_id, cells }));
      return rows.length > 0 ? { kind: "rows", rows } : undefined;
    }
    default:
      return undefined;
  }
}

/** All that a task's fields hold, those within sections and choices too. */
export function valuesOf(fields: readonly Field[] | null | undefined): Values {
  const values: Record<number, Input | undefined> = {};
  for (const field of flat(fields)) {
    const input = fromRead(field);
    if (input) values[field.id] = input;
  }
  return values;
}

/** Every field of an answer, those within sections and choices too, but not cells. */
export function flat(fields: readonly Field[] | null | undefined): Field[] {
  return (fields ?? []).flatMap((field) => {
    if (!field || typeof field !== "object") return [];
    const inner = field.type === "table" ? [] : array(object(field.value).fields);
    return [field, ...flat(inner as Field[])];
  });
}

/** A number's digits without an exponent. */
export function plainDigits(value: unknown): string {
  const text = String(value);
  if (!/e/i.test(text) || typeof value !== "number") return text;
  return value.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 20 });
}
