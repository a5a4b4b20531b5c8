// What the controls of a form hold, as the dialect wants it written (pyrus.md §1.6).

import type { Field, TemplateField } from "~/api/types";
import { keyOf } from "~/store/carried";
import { type Input, isCell, isTold, type Placed, placed, type Row, rowsOf, type Values } from "./values";

/** One member of `fields` or `field_updates`. Without a value it empties the field. */
export interface Update {
  id: number;
  value: unknown;
  duration?: number;
}

/** The update that puts this into the field. Of a table, `before` tells which rows are new, changed and gone. */
export function toWrite(template: TemplateField, input: Input | undefined, before?: Input): Update {
  const { id } = template;
  if (template.type === "table") return { id, value: rowsWritten(template, rowsOf(input), rowsOf(before)) };
  if (template.type === "title")
    return { id, value: { checkmark: input?.kind === "checked" && input.checked ? "checked" : "unchecked" } };
  if (!input) return { id, value: template.type === "flag" ? "none" : null };
  switch (input.kind) {
    case "text": {
      const text = TRIMMED.has(template.type) ? input.text.trim() : input.text;
      return { id, value: text === "" ? null : text };
    }
    case "checked":
      return { id, value: input.checked ? "checked" : "unchecked" };
    case "due":
      return input.due.value === ""
        ? { id, value: null }
        : {
            id,
            value: input.due.value,
            ...(input.due.duration === undefined ? {} : { duration: input.due.duration }),
          };
    case "person":
      return { id, value: { id: input.id } };
    case "choices":
      return { id, value: { choice_ids: input.ids } };
    case "items":
      return { id, value: { item_ids: input.items.map((item) => item.id) } };
    case "tasks":
      return { id, value: { task_ids: input.ids } };
    case "files":
      // The whole list: what is not named is taken out. It is put into the server's words as it is sent.
      return { id, value: input.files };
    case "rows":
      return { id, value: null };
  }
}

const TRIMMED = new Set<string>(["money", "number", "email", "phone", "date", "time"]);

function rowsWritten(template: TemplateField, rows: Row[], before: Row[]): unknown[] {
  const columns = template.info.columns ?? [];
  const old = new Map(before.map((row) => [row.row_id, row]));
  const kept = new Set(rows.map((row) => row.row_id));
  const moved = before
    .filter((row) => kept.has(row.row_id))
    .some((row, index) => {
      const stays = rows.filter(({ row_id }) => old.has(row_id));
      return stays[index]?.row_id !== row.row_id;
    });
  const gone = before
    .filter((row) => !kept.has(row.row_id))
    .map((row) => ({ row_id: row.row_id, delete: true }));
  const written = rows.flatMap((row, position) => {
    const known = old.get(row.row_id);
    const cells = columns
      .filter((column) => !isTold(column) && !same(row.cells[column.id], known?.cells[column.id]))
      .map((column) => toWrite(column, row.cells[column.id]));
    if (known && cells.length === 0 && !moved) return [];
    return [{ row_id: row.row_id, ...(moved || !known ? { position } : {}), cells }];
  });
  return [...gone, ...written];
}

/** Whether two values are the same to whoever reads them. */
export const same = (left: Input | undefined, right: Input | undefined): boolean =>
  left === right || JSON.stringify(comparable(left)) === JSON.stringify(comparable(right));

function comparable(input: Input | undefined): unknown {
  switch (input?.kind) {
    case undefined:
      return null;
    case "text":
      return input.text === "" ? null : input.text;
    case "choices":
      return input.ids.length === 0 ? null : input.ids;
    case "tasks":
      return input.ids.length === 0 ? null : input.ids;
    case "items":
      return input.items.length === 0 ? null : input.items.map(({ id }) => id);
    case "files":
      return input.files.length === 0 ? null : input.files.map(keyOf);
    case "rows":
      return input.rows.length === 0
        ? null
        : input.rows.map((row) => [
            row.row_id,
            Object.entries(row.cells)
              .map(([id, cell]) => [id, comparable(cell)])
              .filter(([, cell]) => cell !== null),
          ]);
    case "due":
      return input.due.value === "" ? null : [input.due.value, input.due.duration ?? null];
    default:
      return input;
  }
}

/** All that a new task fills in. `shown` leaves out what is hidden. */
export function written(
  fields: readonly TemplateField[],
  values: Values,
  shown: (field: Placed) => boolean = () => true,
): Update[] {
  return changed(fields, values, {}, shown);
}

/** What differs from `before`, as updates. */
export function changed(
  fields: readonly TemplateField[],
  values: Values,
  before: Values,
  shown: (field: Placed) => boolean = () => true,
): Update[] {
  return placed(fields)
    .filter((one) => !isCell(one) && !isTold(one.field) && shown(one))
    .filter(({ field }) => !same(values[field.id], before[field.id]))
    .map(({ field }) => toWrite(field, values[field.id], before[field.id]));
}

/** The value as an answer would show it, for what is not accepted yet. */
export function asRead(template: TemplateField, input: Input | undefined): Field {
  const { id, type, name } = template;
  const field: Field = { id, type, name };
  if (!input) return field;
  switch (input.kind) {
    case "text":
      return { ...field, value: input.text === "" ? undefined : input.text };
    case "checked":
      return type === "title"
        ? { ...field, value: { checkmark: input.checked ? "checked" : "unchecked" } }
        : { ...field, value: input.checked ? "checked" : "unchecked" };
    case "due":
      return { ...field, value: input.due.value || undefined, duration: input.due.duration };
    case "person":
      return { ...field, value: { id: input.id } };
    case "choices": {
      const name = (choice: number) =>
        template.info.options?.find(({ choice_id }) => choice_id === choice)?.choice_value ?? `№ ${choice}`;
      return { ...field, value: { choice_ids: input.ids, choice_names: input.ids.map(name) } };
    }
    case "items":
      return {
        ...field,
        value: {
          item_ids: input.items.map((item) => item.id),
          headers: input.headers,
          rows: input.items.map((item) => item.values),
        },
      };
    case "tasks":
      return { ...field, value: { task_ids: input.ids, subject: input.subject ?? "" } };
    case "files":
      return { ...field, value: input.files };
    case "rows":
      return {
        ...field,
        value: input.rows.map((row, position) => ({
          row_id: row.row_id,
          position,
          cells: (template.info.columns ?? []).map((column) => asRead(column, row.cells[column.id])),
        })),
      };
  }
}
