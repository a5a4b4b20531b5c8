// A field's value as plain words, for what changed and for where there is no room for more. Whatever the value is, something is said.

import type { Field, Person } from "~/api/types";
import { nameOf } from "~/files/shown";
import type { Formats, Messages } from "~/i18n";
import { attachedIn } from "~/store/carried";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((part) => part !== null && part !== undefined).map(String) : [];

/** Nothing is filled in. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) {
    if (Array.isArray(value.choice_ids)) return value.choice_ids.length === 0;
    if (Array.isArray(value.item_ids)) return value.item_ids.length === 0;
    if (Array.isArray(value.task_ids)) return value.task_ids.length === 0;
  }
  return false;
}

/** The most that one value says here, in characters. */
const SHORT = 280;

export function valueText(field: Field, t: Messages, format: Formats): string {
  const { type, value } = field;
  if (isEmpty(value)) return t.task.nothing;
  try {
    return cut(words(type, value, t, format));
  } catch {
    return t.task.unreadable;
  }
}

const cut = (text: string) => (text.length > SHORT ? `${text.slice(0, SHORT)}…` : text);

function words(type: string, value: unknown, t: Messages, format: Formats): string {
  switch (type) {
    case "money":
    case "number":
      return typeof value === "number" || typeof value === "string"
        ? format.number(value, type === "money" ? 2 : undefined)
        : String(value);
    case "date":
    case "due_date":
    case "creation_date":
      return format.day(String(value));
    case "due_date_time":
      return format.full(String(value));
    case "checkmark":
    case "flag":
      return value === "checked" ? t.common.yes : t.common.no;
    case "status":
      return value === "closed" ? t.task.closed : t.task.open;
    case "person":
    case "author":
      return format.person(value as Person);
    case "multiple_choice":
      return isObject(value) ? texts(value.choice_names).join(", ") : String(value);
    case "catalog": {
      if (!isObject(value)) return String(value);
      const rows = Array.isArray(value.rows) ? value.rows : [];
      return rows.map((row) => texts(row)[0] ?? "").join(", ");
    }
    case "form_link":
      if (!isObject(value)) return String(value);
      return typeof value.subject === "string" && value.subject
        ? value.subject
        : texts(value.task_ids)
            .map((id) => `№ ${id}`)
            .join(", ");
    case "table":
      return Array.isArray(value) ? t.task.rows(value.length) : String(value);
    case "file":
      return attachedIn(value)
        .map(
          (file) =>
            `${nameOf(file, t)}${(file.version ?? 1) > 1 ? ` (${t.files.version(file.version ?? 1)})` : ""}`,
        )
        .join(", ");
    default:
      if (isObject(value) || Array.isArray(value)) return JSON.stringify(value);
      return String(value);
  }
}
