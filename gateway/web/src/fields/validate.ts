// What is wrong with what stands in a form, said as one types and before it is sent. The server has the last word.

import type { TemplateField } from "~/api/types";
import * as decimal from "~/expression/decimal";
import type { Messages } from "~/i18n";
import { type Input, isCell, isEmpty, isTold, type Placed, placed, rowsOf, type Values } from "./values";

/** Of a table also of its cells, by row and column. */
export type FieldError = string | { message: string; cells?: Record<number, Record<number, string>> };
export type Errors = Readonly<Record<number, FieldError | undefined>>;

export const CHARACTERS_MAX = 60_000;
export const ROWS_MAX = 1_000;
export const FILES_MAX = 100;
const DURATION_MAX = 60 * 24 * 366;
/** Control characters, but for tabs and line ends. */
const CONTROL = /[^\P{Cc}\t\n\r]/u;

type Texts = Messages["fields"];

/** What does not fit the field's type; nothing of what is empty. */
export function misfit(field: TemplateField, input: Input | undefined, t: Texts): string | undefined {
  if (!input || isEmpty(input)) return undefined;
  const { wrong } = t;
  switch (input.kind) {
    case "text": {
      const text = input.text;
      switch (field.type) {
        case "money":
        case "number": {
          const trimmed = text.trim();
          const number = decimal.parse(trimmed);
          if (!number) return /^[+-]?\d+(\.\d+)?$/.test(trimmed) ? wrong.digits : wrong.number;
          const places = field.info.decimal_places;
          if (field.type === "number" && places != null && decimal.normal(number).scale > places)
            return wrong.decimalPlaces(places);
          return undefined;
        }
        case "email":
          return /^[^\s@]+@[^\s]+$/.test(text.trim()) && text.trim().length <= 320 ? undefined : wrong.email;
        case "date":
          return isDay(text) ? undefined : wrong.date;
        case "time":
          return /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(text) ? undefined : wrong.time;
        default:
          if ([...text.slice(0, 2 * CHARACTERS_MAX + 2)].length > CHARACTERS_MAX)
            return wrong.tooLong(CHARACTERS_MAX);
          return CONTROL.test(text) ? wrong.control : undefined;
      }
    }
    case "due": {
      const { value, duration } = input.due;
      const fits = field.type === "due_date" ? isDay(value) : !Number.isNaN(Date.parse(value));
      if (!fits) return wrong.date;
      const whole =
        duration === undefined || (Number.isInteger(duration) && duration >= 0 && duration <= DURATION_MAX);
      return whole ? undefined : wrong.duration;
    }
    case "choices": {
      if (input.ids.length > 1 && !field.info.multiple_choice) return wrong.several;
      const known = new Set(
        field.info.options?.filter(({ deleted }) => !deleted).map(({ choice_id }) => choice_id),
      );
      return input.ids.every((id) => known.has(id)) ? undefined : wrong.choice;
    }
    case "items":
      return input.items.length > 1 && !field.info.multiple_choice ? wrong.several : undefined;
    case "tasks":
      return input.ids.length > 1 && !field.info.multiple_choice ? wrong.several : undefined;
    case "rows":
      return input.rows.length > ROWS_MAX ? wrong.rows(ROWS_MAX) : undefined;
    case "files":
      return input.files.length > FILES_MAX ? wrong.files(FILES_MAX) : undefined;
    case "checked":
    case "person":
      return undefined;
  }
}

function isDay(text: string): boolean {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!found) return false;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** It must be filled in at this step. */
export const isRequired = (field: TemplateField, step: number): boolean =>
  field.info.required_step != null && field.info.required_step <= step;

const isMissing = (field: TemplateField, input: Input | undefined): boolean =>
  field.type === "checkmark" ? !(input?.kind === "checked" && input.checked) : isEmpty(input);

/**
 * Every field whose value does not fit, by its id, and where `step` is given also every field that is required there, shown and
 * empty. Pure.
 */
export function validate(
  fields: readonly TemplateField[],
  values: Values,
  shown: (field: Placed) => boolean,
  t: Texts,
  step?: number,
): Errors {
  const errors: Record<number, FieldError> = {};
  for (const one of placed(fields)) {
    const { field } = one;
    if (isCell(one) || isTold(field) || !shown(one)) continue;
    const input = values[field.id];
    const wrong =
      misfit(field, input, t) ??
      (step !== undefined && isRequired(field, step) && isMissing(field, input)
        ? field.type === "checkmark"
          ? t.wrong.requiredMark
          : t.wrong.required
        : undefined);
    if (field.type === "table") {
      const cells = wrongCells(field, input, t, step);
      const rows = Object.keys(cells).map(Number);
      if (rows.length > 0) {
        const named = rowsOf(input).flatMap((row, at) => (rows.includes(row.row_id) ? [t.row(at + 1)] : []));
        errors[field.id] = { message: wrong ?? t.wrong.cells(named.slice(0, 5).join(", ")), cells };
        continue;
      }
    }
    if (wrong) errors[field.id] = wrong;
  }
  return errors;
}

function wrongCells(table: TemplateField, input: Input | undefined, t: Texts, step?: number) {
  const cells: Record<number, Record<number, string>> = {};
  for (const row of rowsOf(input)) {
    for (const column of table.info.columns ?? []) {
      const cell = row.cells[column.id];
      const missing = step !== undefined && isRequired(column, step) && isMissing(column, cell);
      const wrong = misfit(column, cell, t) ?? (missing ? t.wrong.required : undefined);
      if (!wrong) continue;
      cells[row.row_id] ??= {};
      (cells[row.row_id] as Record<number, string>)[column.id] = wrong;
    }
  }
  return cells;
}

/** The field that a refusal of the server names, which says `Field: what is wrong`. */
export function fieldNamed(message: string, fields: readonly TemplateField[]): TemplateField | undefined {
  const all = placed(fields).map(({ field }) => field);
  const named = all.filter(({ name }) => name && message.startsWith(`${name}:`));
  // The longest name: others may be a part of it.
  return named.sort((left, right) => right.name.length - left.name.length)[0];
}
