// What the conditions of a form say of what stands in it: which fields are shown, what follows from others, what stands there from
// the beginning. The same as the server's scope (domain/src/form/scope.rs), over the controls of a form.

import type { TemplateField } from "~/api/types";
import { dayNumber } from "~/expression/calendar";
import * as decimal from "~/expression/decimal";
import { evaluate } from "~/expression/evaluate";
import { tried } from "~/expression/parse";
import type { FieldRef, Node } from "~/expression/tree";
import { numeral, type Val } from "~/expression/value";
import {
  choicesOf,
  type Input,
  isCell,
  isChecked,
  isEmpty,
  type Placed,
  placed,
  rowsOf,
  type Values,
} from "./values";

/** What is known of a task besides what is filled in. */
export interface About {
  author: number;
  /** 0 before the route begins. */
  step: number;
  closed?: boolean;
}

/** Formulas that follow from other formulas end here. */
const FORMULAS_MAX = 1;

/** A form's fields with what is filled in, asked by its conditions. Cheap to make: nothing is worked out before it is asked. */
export class Filled {
  readonly all: Placed[];
  private readonly byId = new Map<number, Placed>();
  private readonly byCode = new Map<string, Placed>();
  private readonly shown = new Map<number, boolean>();

  constructor(
    fields: readonly TemplateField[],
    readonly values: Values,
    readonly about: About,
  ) {
    this.all = placed(fields);
    for (const one of this.all) {
      this.byId.set(one.field.id, one);
      if (one.field.code && !this.byCode.has(one.field.code)) this.byCode.set(one.field.code, one);
    }
  }

  find(id: number): Placed | undefined {
    return this.byId.get(id);
  }

  /** Its own condition and those of what it lies in hold. */
  readonly isVisible = (one: Placed): boolean => {
    const known = this.shown.get(one.field.id);
    if (known !== undefined) return known;
    const { field, parent } = one;
    const condition = field.visibility_condition?.expression;
    const found =
      (!parent || this.isVisible(parent)) &&
      this.isOpened(one) &&
      (condition === undefined || this.holds(condition));
    this.shown.set(field.id, found);
    return found;
  };

  /** The choice is chosen, the section's checkmark is set. */
  private isOpened({ parent, choice }: Placed): boolean {
    if (!parent) return true;
    if (choice !== undefined) return choicesOf(this.values[parent.field.id]).includes(choice);
    if (parent.field.type === "title" && parent.field.info.checkmark)
      return isChecked(this.values[parent.field.id]);
    return true;
  }

  /** A condition of the form, such as that of a step. */
  holds(source: string): boolean {
    const node = parsed(source);
    return node !== undefined && evaluate(node, (field) => this.named(field, 0)) === true;
  }

  /** The value of a computed field; nothing where the formula yields nothing of its type. */
  computed(field: TemplateField): Input | undefined {
    const node = field.info.formula ? parsed(field.info.formula) : undefined;
    if (!node) return undefined;
    const value = evaluate(node, (other) => this.named(other, 0));
    const text = (text: string): Input => ({ kind: "text", text });
    if (field.type === "text") return typeof value === "string" && value !== "" ? text(value) : undefined;
    if (field.type === "checkmark")
      return typeof value === "boolean" ? { kind: "checked", checked: value } : undefined;
    if (typeof value !== "object") return undefined;
    if (field.type === "date") return "date" in value ? text(value.date) : undefined;
    if (!("number" in value) || (field.type !== "money" && field.type !== "number")) return undefined;
    const places = field.type === "number" ? field.info.decimal_places : undefined;
    const number = places == null ? value.number : decimal.round(value.number, places, "even");
    return text(decimal.print(decimal.normal(number)));
  }

  /** The values with those of computed fields among them, for showing. */
  withComputed(): Values {
    const computed = this.all.filter(({ field }) => field.info.formula);
    if (computed.length === 0) return this.values;
    const next: Record<number, Input | undefined> = { ...this.values };
    for (const { field } of computed) next[field.id] = this.computed(field);
    return next;
  }

  private named(ref: FieldRef, formulas: number): Val {
    const one = "id" in ref ? this.byId.get(ref.id) : this.byCode.get(ref.code);
    if (!one) return undefined;
    return ref.column === undefined ? this.val(one, formulas) : this.column(one, ref.column);
  }

  private val(one: Placed, formulas: number): Val {
    const { field } = one;
    if (isCell(one) && one.parent) {
      const rows = this.values[one.parent.field.id];
      if (isEmpty(rows)) return undefined;
      return { list: rowsOf(rows).map((row) => read(field, row.cells[field.id])) };
    }
    if (field.info.formula) {
      const node = formulas < FORMULAS_MAX ? parsed(field.info.formula) : undefined;
      return node && evaluate(node, (other) => this.named(other, formulas + 1));
    }
    switch (field.type) {
      case "step":
        return { number: decimal.whole(this.about.step) };
      case "status":
        return this.about.closed ? "closed" : "open";
      case "author":
        return { set: [{ id: this.about.author }] };
      case "table": {
        const ids = rowsOf(this.values[field.id]).map((row) => row.row_id);
        return { list: ids.sort((a, b) => a - b).map((id) => ({ number: decimal.whole(id) })) };
      }
      default:
        return read(field, this.values[field.id]);
    }
  }

  /** What stands in a column of the catalog, of the items in the field. */
  private column(one: Placed, name: string): Val {
    const { field } = one;
    const texts = (input: Input | undefined): string[] => {
      if (input?.kind !== "items") return [];
      const at = input.headers.findIndex((header) => header.toLowerCase() === name.toLowerCase());
      return at < 0 ? [] : input.items.map((item) => item.values[at] ?? "");
    };
    const joined = (cells: string[]): Val => cells.filter(Boolean).join(", ") || undefined;
    if (isCell(one) && one.parent) {
      const rows = this.values[one.parent.field.id];
      if (isEmpty(rows)) return undefined;
      return { list: rowsOf(rows).map((row) => joined(texts(row.cells[field.id]))) };
    }
    const input = this.values[field.id];
    if (!input) return undefined;
    const found = texts(input);
    return field.type === "catalog" && field.info.multiple_choice
      ? { list: found.map((text) => text || undefined) }
      : joined(found);
  }
}

function read(field: TemplateField, input: Input | undefined): Val {
  if (!input || isEmpty(input)) return undefined;
  switch (input.kind) {
    case "text":
      if (field.type === "money" || field.type === "number") return numeral(input.text);
      if (field.type === "date")
        return dayNumber(input.text) === undefined ? undefined : { date: input.text };
      if (field.type === "time") return { time: input.text };
      return input.text;
    case "checked":
      return input.checked;
    case "due":
      return field.type === "due_date" ? { date: input.due.value } : { moment: input.due.value };
    case "person":
      return { set: [{ id: input.id }] };
    case "choices": {
      const name = (id: number) =>
        field.info.options?.find((option) => option.choice_id === id)?.choice_value ?? "";
      return { set: input.ids.map((id) => ({ id, name: name(id) })) };
    }
    case "items":
      return { set: input.items.map((item) => ({ id: item.id, name: item.values[0] ?? "" })) };
    case "tasks":
      return { set: input.ids.map((id) => ({ id })) };
    case "files":
      // What the server has not taken in yet has a name and no number.
      return {
        set: input.files.map(({ attachment_id, name }, at) => ({ id: attachment_id ?? -1 - at, name })),
      };
    case "rows":
      return { list: input.rows.map((row) => ({ number: decimal.whole(row.row_id) })) };
  }
}

/** Trees of what was asked before; a form asks the same at every key. */
const trees = new Map<string, Node | undefined>();
const TREES_MAX = 2_000;

function parsed(source: string): Node | undefined {
  if (!trees.has(source)) {
    if (trees.size >= TREES_MAX) trees.clear();
    trees.set(source, tried(source).node);
  }
  return trees.get(source);
}

/** What stands in a field from the beginning: `default_value` is written as a request would write it. Of a catalog it needs items. */
export function defaultOf(
  field: TemplateField,
  catalog?: { headers: string[]; items: { id: number; values: string[] }[] },
): Input | undefined {
  const written = field.default_value;
  if (written == null || written === "") return undefined;
  const json = (): unknown => {
    try {
      return JSON.parse(written) as unknown;
    } catch {
      return written;
    }
  };
  const member = (value: unknown, ...names: string[]): unknown => {
    if (!value || typeof value !== "object") return undefined;
    const found = names.find((name) => name in value);
    return found === undefined ? undefined : (value as Record<string, unknown>)[found];
  };
  const listed = (value: unknown): unknown[] =>
    value === undefined ? [] : Array.isArray(value) ? value : [value];
  switch (field.type) {
    case "text":
    case "email":
    case "phone":
    case "date":
    case "time":
    case "money":
    case "number":
      return { kind: "text", text: written };
    case "checkmark":
      return { kind: "checked", checked: /^(checked|true|y|1)$/i.test(written) };
    case "flag":
      return written === "none"
        ? undefined
        : { kind: "checked", checked: /^(checked|true|y|1)$/i.test(written) };
    case "due_date":
    case "due_date_time":
      return { kind: "due", due: { value: written } };
    case "person": {
      const value = json();
      const id = Number(member(value, "id") ?? value);
      return Number.isInteger(id) && id > 0 ? { kind: "person", id } : undefined;
    }
    case "multiple_choice": {
      const value = json();
      const options = (field.info.options ?? []).filter(({ deleted }) => !deleted);
      const named = member(value, "choice_ids", "choice_names", "choice_id", "choice_name");
      const ids = listed(named ?? value).flatMap((one) => {
        const found = options.find(
          ({ choice_id, choice_value }) => choice_id === Number(one) || choice_value === one,
        );
        return found ? [found.choice_id] : [];
      });
      return ids.length > 0 ? { kind: "choices", ids } : undefined;
    }
    case "catalog": {
      if (!catalog) return undefined;
      const value = json();
      const ids = listed(member(value, "item_ids", "item_id")).map(Number);
      const names = listed(
        member(value, "item_names", "item_name") ?? (typeof value === "object" ? undefined : written),
      );
      const items = catalog.items.filter(
        (item) => ids.includes(item.id) || names.some((name) => String(name) === item.values[0]),
      );
      return items.length > 0 ? { kind: "items", headers: catalog.headers, items } : undefined;
    }
    default:
      return undefined;
  }
}
