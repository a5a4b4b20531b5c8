// What is different between two versions of a form, told by fields and steps, and what follows from it for tasks that run.

import type { Definition, WhoBy, WireApprover, WireField, WireStep } from "./wire";

export type Value = string | number | boolean | undefined;

export interface Detail {
  property: string;
  before?: Value;
  after?: Value;
}

export interface Change {
  on: "field" | "step" | "form";
  what: "added" | "removed" | "changed";
  /** The field's id, the step's number (of after, or before where it is removed); 0 of the form. */
  id: number;
  name: string;
  type?: string;
  details: Detail[];
}

/** What a change means for tasks that run, by the rules of the route. */
export interface Consequence {
  kind:
    | "required"
    | "field_removed"
    | "field_back"
    | "step_removed"
    | "step_added"
    | "steps_moved"
    | "approvers"
    | "condition"
    | "auto_close"
    | "formula";
  name: string;
  step?: number;
}

interface Seen {
  field: WireField;
  /** In what it lies, and where there. */
  place: string;
  index: number;
  deleted: boolean;
}

function seen(definition: Definition): Map<number, Seen> {
  const all = new Map<number, Seen>();
  const walk = (fields: WireField[], place: string, deleted: boolean) => {
    let index = 0;
    for (const field of fields) {
      const gone = deleted || Boolean(field.deleted);
      if (field.id) all.set(field.id, { field, place, index, deleted: gone });
      if (!gone) index += 1;
      walk(field.fields ?? [], field.name, gone);
      walk(field.columns ?? [], field.name, gone);
      for (const choice of field.options ?? [])
        walk(choice.fields ?? [], `${field.name}: ${choice.choice_value}`, gone || Boolean(choice.deleted));
    }
  };
  walk(definition.fields, "", false);
  return all;
}

const PROPERTIES = [
  "name",
  "code",
  "tooltip",
  "required_step",
  "immutable_step",
  "in_title",
  "default_value",
  "visible_if",
  "formula",
  "multiline",
  "decimal_places",
  "multiple",
  "checkmark",
  "form_id",
  "catalog_id",
] as const;

/** Two that are not there are the same. */
const same = (left: unknown, right: unknown) => (left || undefined) === (right || undefined);

export function difference(before: Definition, after: Definition): Change[] {
  return [...fieldChanges(before, after), ...stepChanges(before, after), ...formChanges(before, after)];
}

function fieldChanges(before: Definition, after: Definition): Change[] {
  const [old, now] = [seen(before), seen(after)];
  const changes: Change[] = [];
  const of = (what: Change["what"], { field }: Seen, details: Detail[] = []): Change => ({
    on: "field",
    what,
    id: field.id ?? 0,
    name: field.name,
    type: field.type,
    details,
  });
  for (const [id, one] of now) {
    const was = old.get(id);
    if (one.deleted) continue;
    if (!was || was.deleted) {
      changes.push(of("added", one));
      continue;
    }
    const details: Detail[] = PROPERTIES.filter((name) => !same(was.field[name], one.field[name])).map(
      (name) => ({
        property: name,
        before: was.field[name],
        after: one.field[name],
      }),
    );
    details.push(...choiceDetails(was.field, one.field));
    if (was.place !== one.place) details.push({ property: "place", before: was.place, after: one.place });
    if (details.length > 0) changes.push(of("changed", one, details));
  }
  for (const [id, was] of old) {
    const one = now.get(id);
    if (!was.deleted && (!one || one.deleted)) changes.push(of("removed", was));
  }
  return changes;
}

function choiceDetails(before: WireField, after: WireField): Detail[] {
  const live = (field: WireField) =>
    new Map(
      (field.options ?? []).filter(({ deleted }) => !deleted).map((one) => [one.choice_id, one.choice_value]),
    );
  const [old, now] = [live(before), live(after)];
  const details: Detail[] = [];
  for (const [id, name] of now) {
    const was = old.get(id);
    if (was === undefined) details.push({ property: "choice_added", after: name });
    else if (was !== name) details.push({ property: "choice_renamed", before: was, after: name });
  }
  for (const [id, name] of old) if (!now.has(id)) details.push({ property: "choice_removed", before: name });
  return details;
}

/** Steps have no ids: those of the same name are the same, and what is left over is matched in order. */
export function matched(before: readonly WireStep[], after: readonly WireStep[]): Map<number, number> {
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  before.forEach((step, index) => {
    const same = after.findIndex((other, place) => other.name === step.name && !taken.has(place));
    if (same < 0) return;
    pairs.set(index, same);
    taken.add(same);
  });
  before.forEach((step, index) => {
    if (pairs.has(index)) return;
    const alike = after.findIndex(
      (other, place) => !taken.has(place) && (place === index || asked(step) === asked(other)),
    );
    if (alike < 0) return;
    pairs.set(index, alike);
    taken.add(alike);
  });
  return pairs;
}

const asked = (step: WireStep) => JSON.stringify(step.approvers ?? []);
const rule = (step: WireStep) => JSON.stringify(step.rule ?? "everyone");

/** Who, as a word that the screens put into names: `person:7`, `author`, `field:3`. */
export function whoText(who: WhoBy<number>): string {
  if (typeof who === "string") return who;
  if ("person" in who) return `person:${who.person}`;
  if ("field" in who) return `field:${who.field}`;
  return `catalog:${who.catalog_field.field}:${who.catalog_field.column}`;
}

const approversText = (approvers: readonly WireApprover[] = []) =>
  approvers.map(({ who, condition }) => whoText(who) + (condition ? ` ? ${condition}` : "")).join("\n");

function stepChanges(before: Definition, after: Definition): Change[] {
  const [old, now] = [before.steps ?? [], after.steps ?? []];
  const pairs = matched(old, now);
  const changes: Change[] = [];
  const came = new Set(pairs.values());
  now.forEach((step, index) => {
    if (!came.has(index))
      changes.push({ on: "step", what: "added", id: index + 1, name: step.name, details: [] });
  });
  old.forEach((was, index) => {
    const place = pairs.get(index);
    const step = place === undefined ? undefined : now[place];
    if (place === undefined || !step) {
      changes.push({ on: "step", what: "removed", id: index + 1, name: was.name, details: [] });
      return;
    }
    const details: Detail[] = [];
    const detail = (property: string, left: Value, right: Value) => {
      if (!same(left, right)) details.push({ property, before: left, after: right });
    };
    detail("name", was.name, step.name);
    detail("number", index + 1, place + 1);
    detail("approvers", approversText(was.approvers), approversText(step.approvers));
    detail("rule", rule(was), rule(step));
    detail("condition", was.condition, step.condition);
    detail("on_reject", was.on_reject, step.on_reject);
    detail("due_minutes", was.due_minutes, step.due_minutes);
    detail("subprocess", subprocessText(was), subprocessText(step));
    if (details.length > 0)
      changes.push({ on: "step", what: "changed", id: place + 1, name: step.name, details });
  });
  return changes;
}

const subprocessText = (step: WireStep) => (step.subprocess ? JSON.stringify(step.subprocess) : undefined);

function formChanges(before: Definition, after: Definition): Change[] {
  const details: Detail[] = [];
  if (!same(before.auto_close, after.auto_close))
    details.push({
      property: "auto_close",
      before: Boolean(before.auto_close),
      after: Boolean(after.auto_close),
    });
  const [old, now] = [approversText(before.subscribers), approversText(after.subscribers)];
  if (old !== now) details.push({ property: "subscribers", before: old, after: now });
  return details.length > 0 ? [{ on: "form", what: "changed", id: 0, name: "", details }] : [];
}

export function consequences(changes: readonly Change[]): Consequence[] {
  const found: Consequence[] = [];
  for (const { on, what, name, id, details } of changes) {
    const detail = (property: string) => details.find((one) => one.property === property);
    if (on === "field") {
      const required = detail("required_step");
      const sooner =
        required?.after && (!required.before || Number(required.after) < Number(required.before));
      if (sooner) found.push({ kind: "required", name, step: Number(required.after) });
      if (what === "removed") found.push({ kind: "field_removed", name });
      if (detail("formula")?.after) found.push({ kind: "formula", name });
    }
    if (on === "step") {
      if (what === "removed") found.push({ kind: "step_removed", name, step: id });
      if (what === "added") found.push({ kind: "step_added", name, step: id });
      if (detail("number")) found.push({ kind: "steps_moved", name, step: id });
      if (detail("approvers") || detail("rule")) found.push({ kind: "approvers", name, step: id });
      if (detail("condition")) found.push({ kind: "condition", name, step: id });
    }
    if (on === "form" && detail("auto_close")) found.push({ kind: "auto_close", name: "" });
  }
  return found;
}
