// The way that a task would take with what is filled in: which steps ask whom, and which are passed over, as the server decides it
// (domain/src/workflow). Whoever heads a department, and who can act, only the server knows.

import type { Filled } from "~/fields/condition";
import { isRequired } from "~/fields/validate";
import { isCell, isEmpty, type Values } from "~/fields/values";
import type { Doc, Who } from "../model/doc";
import type { Lit } from "../route/Flow";

export interface Asking {
  filled: Filled;
  values: Values;
  /** The ids of fields by their keys. */
  ids: ReadonlyMap<string, number>;
  author: number;
  personName: (id: number) => string;
  headName: string;
  /** Who stands in where nobody is found. */
  owners: readonly number[];
}

export function wayOf(doc: Doc, asking: Asking): Map<string, Lit> {
  const { filled, values, personName } = asking;
  const lit = new Map<string, Lit>();
  doc.steps.forEach((step, index) => {
    if (step.condition && !filled.holds(step.condition)) {
      lit.set(step.key, { state: "skipped", people: [], missing: [] });
      return;
    }
    const named = step.approvers.filter(({ condition }) => !condition || filled.holds(condition));
    const people = [...new Set(named.flatMap(({ who }) => meant(who, asking)))];
    const missing = filled.all
      .filter((one) => !isCell(one) && isRequired(one.field, index + 1) && filled.isVisible(one))
      .filter(({ field }) => {
        const value = field.info.formula ? filled.computed(field) : values[field.id];
        return field.type === "checkmark" ? value?.kind !== "checked" || !value.checked : isEmpty(value);
      })
      .map(({ field }) => field.name);
    const standsIn = named.length > 0 && people.length === 0;
    lit.set(step.key, {
      state: standsIn ? "stands_in" : people.length > 0 || step.subprocess ? "asks" : "passed",
      people: standsIn ? asking.owners.map(personName) : people,
      missing,
    });
  });
  return lit;
}

function meant(who: Who, { values, ids, author, personName, headName, filled }: Asking): string[] {
  if (who === "author") return [personName(author)];
  if (who === "department_head") return [headName];
  if ("person" in who) return [personName(who.person)];
  if ("field" in who) {
    const id = ids.get(who.field) ?? 0;
    const value = values[id];
    if (value?.kind === "person") return [personName(value.id)];
    return filled.find(id)?.field.type === "author" ? [personName(author)] : [];
  }
  const value = values[ids.get(who.catalog_field.field) ?? 0];
  if (value?.kind !== "items") return [];
  const column = value.headers.findIndex(
    (name) => name.toLowerCase() === who.catalog_field.column.toLowerCase(),
  );
  return value.items
    .flatMap((item) => (item.values[column] ?? "").split(","))
    .map((text) => text.trim())
    .filter(Boolean)
    .map((text) => (/^\d+$/.test(text) ? personName(Number(text)) : text));
}
