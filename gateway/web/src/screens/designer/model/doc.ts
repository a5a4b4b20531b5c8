// A definition while it is worked on: every field, choice, step and approver has a key that never changes, so that undo, redo and
// saving always mean the same one. The server's ids are kept beside it, by key.

import type { Definition, FieldProperties, StepProperties, WhoBy, WireApprover, WireField } from "./wire";

export interface Field extends FieldProperties {
  key: string;
  /** Of a section. */
  fields?: Field[];
  /** Of a table. */
  columns?: Field[];
  options?: Choice[];
}

export interface Choice {
  key: string;
  choice_value: string;
  code?: string;
  fields: Field[];
}

export type Who = WhoBy<string>;

export interface Approver {
  key: string;
  who: Who;
  condition?: string;
}

export interface Step extends StepProperties {
  key: string;
  approvers: Approver[];
}

export interface Doc {
  fields: Field[];
  steps: Step[];
  subscribers: Approver[];
  auto_close: boolean;
}

/** The server's ids of fields and choices, by their keys. */
export type Ids = ReadonlyMap<string, number>;

/** A key for something new, unlike all others. */
export const newKey = (): string => `n${crypto.randomUUID().slice(0, 13)}`;

export const EMPTY: Doc = { fields: [], steps: [], subscribers: [], auto_close: false };

/** The definition with keys. What was deleted is left out: the server keeps it. */
export function fromWire(definition: Definition): { doc: Doc; ids: Ids } {
  const ids = new Map<string, number>();
  const approver = (one: WireApprover): Approver => ({
    key: newKey(),
    who: mapWho(one.who, (id) => `f${id}`),
    condition: one.condition,
  });
  const doc: Doc = {
    fields: fieldsFrom(definition.fields, ids),
    steps: (definition.steps ?? []).map((step) => ({
      ...step,
      key: newKey(),
      rule: step.rule ?? "everyone",
      approvers: (step.approvers ?? []).map(approver),
    })),
    subscribers: (definition.subscribers ?? []).map(approver),
    auto_close: definition.auto_close ?? false,
  };
  return { doc, ids };
}

function fieldsFrom(fields: WireField[], ids: Map<string, number>): Field[] {
  return fields
    .filter((field) => !field.deleted)
    .map((wire) => {
      const { id = 0, deleted: _, fields: inner, columns, options, ...rest } = wire;
      const key = `f${id}`;
      ids.set(key, id);
      const field: Field = { ...rest, key };
      if (inner || wire.type === "title") field.fields = fieldsFrom(inner ?? [], ids);
      if (columns || wire.type === "table") field.columns = fieldsFrom(columns ?? [], ids);
      if (options || wire.type === "multiple_choice")
        field.options = (options ?? [])
          .filter((choice) => !choice.deleted)
          .map(({ choice_id = 0, deleted: _, fields: shown, ...choice }) => {
            const choiceKey = `${key}.${choice_id}`;
            ids.set(choiceKey, choice_id);
            return { ...choice, key: choiceKey, fields: fieldsFrom(shown ?? [], ids) };
          });
      return field;
    });
}

export function mapWho<A, B>(who: WhoBy<A>, map: (field: A) => B): WhoBy<B> {
  if (typeof who === "string") return who;
  if ("person" in who) return who;
  if ("field" in who) return { field: map(who.field) };
  return { catalog_field: { ...who.catalog_field, field: map(who.catalog_field.field) } };
}

/** As the server takes it. `whole` is false where an approver comes from a field that has no id yet: it is left out this once. */
export function toWire(doc: Doc, ids: Ids): { definition: Definition; whole: boolean } {
  let whole = true;
  const approvers = (list: Approver[]): WireApprover[] =>
    list.flatMap(({ who, condition }) => {
      const mapped = mapWho(who, (key) => ids.get(key) ?? 0);
      const fieldOf =
        typeof mapped === "string"
          ? undefined
          : "field" in mapped
            ? mapped.field
            : "catalog_field" in mapped
              ? mapped.catalog_field.field
              : undefined;
      if (fieldOf === 0) {
        whole = false;
        return [];
      }
      return [withoutEmpty({ who: mapped, condition })];
    });
  const definition: Definition = {
    fields: fieldsTo(doc.fields, ids),
    steps: doc.steps.map(({ key: _, approvers: asked, ...step }) =>
      withoutEmpty({ ...step, approvers: approvers(asked) }),
    ),
    subscribers: approvers(doc.subscribers),
    auto_close: doc.auto_close,
  };
  return { definition, whole };
}

function fieldsTo(fields: Field[], ids: Ids): WireField[] {
  return fields.map(({ key, fields: inner, columns, options, ...rest }) => {
    const wire: WireField = withoutEmpty({ ...rest });
    const id = ids.get(key);
    if (id) wire.id = id;
    if (inner) wire.fields = fieldsTo(inner, ids);
    if (columns) wire.columns = fieldsTo(columns, ids);
    if (options)
      wire.options = options.map((choice) => {
        const choiceId = ids.get(choice.key);
        return withoutEmpty({
          choice_id: choiceId || undefined,
          choice_value: choice.choice_value,
          code: choice.code,
          fields: choice.fields.length > 0 ? fieldsTo(choice.fields, ids) : undefined,
        });
      });
    return wire;
  });
}

/** Without members that say nothing. */
function withoutEmpty<T extends object>(object: T): T {
  const kept = Object.entries(object).filter(
    ([name, value]) =>
      value !== undefined && value !== false && (value !== "" || name === "name" || name === "choice_value"),
  );
  return Object.fromEntries(kept) as T;
}

/** The ids that the server gave to what was sent: both are in the same order, but for what the server keeps as deleted. */
export function takeIds(sent: Doc, answer: Definition, ids: Ids): Ids {
  const taken = new Map(ids);
  const walk = (fields: Field[], wires: WireField[]) => {
    const live = wires.filter((wire) => !wire.deleted);
    fields.forEach((field, index) => {
      const wire = live[index];
      if (!wire || wire.type !== field.type) return;
      if (wire.id) taken.set(field.key, wire.id);
      if (field.fields) walk(field.fields, wire.fields ?? []);
      if (field.columns) walk(field.columns, wire.columns ?? []);
      const options = (wire.options ?? []).filter((choice) => !choice.deleted);
      field.options?.forEach((choice, place) => {
        const given = options[place];
        if (given?.choice_id) taken.set(choice.key, given.choice_id);
        if (given) walk(choice.fields, given.fields ?? []);
      });
    });
  };
  walk(sent.fields, answer.fields);
  return taken;
}

/** The ids that the server would give to what is new, as it names them in what it refuses. */
export function foreseenIds(doc: Doc, ids: Ids, known: Definition): Map<number, string> {
  let last = 0;
  const highest = (fields: WireField[]) => {
    for (const field of fields) {
      last = Math.max(last, field.id ?? 0);
      highest(field.fields ?? []);
      highest(field.columns ?? []);
      for (const choice of field.options ?? []) highest(choice.fields ?? []);
    }
  };
  highest(known.fields);
  const found = new Map<number, string>();
  for (const { field } of placed(doc)) {
    let id = ids.get(field.key);
    if (!id) {
      last += 1;
      id = last;
    }
    found.set(id, field.key);
  }
  return found;
}

/** Where a list of fields is: at the top, in a section, a table, or behind a choice. */
export type Place =
  | { in: "root" }
  | { in: "section"; key: string }
  | { in: "table"; key: string }
  | { in: "choice"; key: string };

export interface Placed {
  field: Field;
  place: Place;
  /** The section, table or choice field that holds it. */
  parent?: Field;
  depth: number;
  index: number;
}

/** Every field, those that hold others before what they hold. */
export function placed(doc: Doc): Placed[] {
  const all: Placed[] = [];
  const walk = (fields: Field[], place: Place, parent: Field | undefined, depth: number) => {
    fields.forEach((field, index) => {
      all.push({ field, place, parent, depth, index });
      if (field.fields) walk(field.fields, { in: "section", key: field.key }, field, depth + 1);
      if (field.columns) walk(field.columns, { in: "table", key: field.key }, field, depth + 1);
      for (const choice of field.options ?? [])
        walk(choice.fields, { in: "choice", key: choice.key }, field, depth + 1);
    });
  };
  walk(doc.fields, { in: "root" }, undefined, 1);
  return all;
}

export const find = (doc: Doc, key: string): Placed | undefined =>
  placed(doc).find(({ field }) => field.key === key);

/** How deep what lies in a field goes below it. */
export function height(field: Field): number {
  const lists = [
    field.fields ?? [],
    field.columns ?? [],
    ...(field.options ?? []).map((choice) => choice.fields),
  ];
  return 1 + Math.max(0, ...lists.flat().map(height));
}
