// What can be done to a definition that is worked on. Each gives a new one; what did not change stays the very same object.

import {
  type Approver,
  type Choice,
  type Doc,
  type Field,
  find,
  height,
  newKey,
  type Place,
  placed,
  type Step,
} from "./doc";
import { DEPTH_MAX, FIELDS_MAX, type FieldType, STEPS_MAX, TOLD } from "./wire";

type Lists = (fields: Field[], place: Place) => Field[];

/** Every list of fields through `change`, from the inside out. */
function mapLists(doc: Doc, change: Lists): Doc {
  const list = (fields: Field[], place: Place): Field[] => {
    let same = true;
    const next = fields.map((field) => {
      const mapped = inner(field);
      same &&= mapped === field;
      return mapped;
    });
    return change(same ? fields : next, place);
  };
  const inner = (field: Field): Field => {
    const next: Partial<Field> = {};
    if (field.fields) next.fields = list(field.fields, { in: "section", key: field.key });
    if (field.columns) next.columns = list(field.columns, { in: "table", key: field.key });
    if (field.options) {
      let same = true;
      const options = field.options.map((choice) => {
        const fields = list(choice.fields, { in: "choice", key: choice.key });
        if (fields === choice.fields) return choice;
        same = false;
        return { ...choice, fields };
      });
      next.options = same ? field.options : options;
    }
    const changed = Object.entries(next).some(([name, value]) => field[name as keyof Field] !== value);
    return changed ? { ...field, ...next } : field;
  };
  const fields = list(doc.fields, { in: "root" });
  return fields === doc.fields ? doc : { ...doc, fields };
}

const samePlace = (left: Place, right: Place) =>
  left.in === right.in && ("key" in left ? left.key : "") === ("key" in right ? right.key : "");

/** Whether a field may lie there: tables hold plain columns, and nothing lies deeper than the server takes. */
export function fits(doc: Doc, field: Field, place: Place): boolean {
  if (place.in === "table") {
    if (field.type === "title" || field.type === "table" || TOLD.has(field.type)) return false;
    if (field.visible_if || field.formula) return false;
    if (field.options?.some((choice) => choice.fields.length > 0)) return false;
  }
  const all = placed(doc);
  const holder =
    place.in === "root"
      ? undefined
      : all.find(({ field: one }) =>
          place.in === "choice" ? one.options?.some(({ key }) => key === place.key) : one.key === place.key,
        );
  if (place.in !== "root" && !holder) return false;
  // Not into itself.
  if (holder && placed({ ...doc, fields: [field] }).some((inner) => inner.field.key === holder.field.key))
    return false;
  if (place.in === "choice" && holder?.place.in === "table") return false;
  return (holder?.depth ?? 0) + height(field) <= DEPTH_MAX;
}

export function insert(doc: Doc, field: Field, place: Place, index: number): Doc {
  if (!fits(doc, field, place) || placed(doc).length >= FIELDS_MAX) return doc;
  return mapLists(doc, (fields, at) =>
    samePlace(at, place) ? [...fields.slice(0, index), field, ...fields.slice(index)] : fields,
  );
}

export function remove(doc: Doc, key: string): Doc {
  return mapLists(doc, (fields) =>
    fields.some((field) => field.key === key) ? fields.filter((field) => field.key !== key) : fields,
  );
}

/** To before the field that stands at `index` there now. */
export function move(doc: Doc, key: string, place: Place, index: number): Doc {
  const from = find(doc, key);
  if (!from || !fits(doc, from.field, place)) return doc;
  const shifted = samePlace(from.place, place) && from.index < index ? index - 1 : index;
  if (samePlace(from.place, place) && shifted === from.index) return doc;
  const without = remove(doc, key);
  return mapLists(without, (fields, at) =>
    samePlace(at, place) ? [...fields.slice(0, shifted), from.field, ...fields.slice(shifted)] : fields,
  );
}

export function change(doc: Doc, key: string, changes: Partial<Field>): Doc {
  return mapLists(doc, (fields) =>
    fields.some((field) => field.key === key)
      ? fields.map((field) => (field.key === key ? { ...field, ...changes } : field))
      : fields,
  );
}

/** The same with keys of its own, and without codes: those are unique. */
export function copyOf(field: Field): Field {
  return {
    ...field,
    key: newKey(),
    code: undefined,
    fields: field.fields?.map(copyOf),
    columns: field.columns?.map(copyOf),
    options: field.options?.map((choice) => ({
      ...choice,
      key: newKey(),
      fields: choice.fields.map(copyOf),
    })),
  };
}

/** Up or down among its neighbours, and at the edge out of what it lies in. */
export function nudge(doc: Doc, key: string, by: -1 | 1): Doc {
  const at = find(doc, key);
  if (!at) return doc;
  const moved = move(doc, key, at.place, by < 0 ? at.index - 1 : at.index + 2);
  const edge = by < 0 ? at.index === 0 : moved === doc;
  if (!edge) return moved;
  const holder = at.parent && find(doc, at.parent.key);
  return holder ? move(doc, key, holder.place, holder.index + (by < 0 ? 0 : 1)) : doc;
}

/** A field as it comes out of the palette. */
export function fresh(type: FieldType, name: string, choiceName: (number: number) => string): Field {
  const field: Field = { key: newKey(), name, type };
  if (type === "title") field.fields = [];
  if (type === "table") field.columns = [];
  if (type === "multiple_choice") field.options = [1, 2].map((number) => freshChoice(choiceName(number)));
  return field;
}

export const freshChoice = (choice_value: string): Choice => ({ key: newKey(), choice_value, fields: [] });

/** A code that no other field has, made of the name where it has letters that a code may have. */
export function freeCode(doc: Doc, name: string): string {
  const taken = new Set(placed(doc).map(({ field }) => field.code));
  const words = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 40);
  const base = `u_${words || "field"}`;
  for (let number = 1; ; number += 1) {
    const code = number === 1 && words ? base : `${base}_${number}`;
    if (!taken.has(code)) return code;
  }
}

// Steps. What names a step by its number goes on meaning the same step.

/** `to` is the new number of each old one; nothing for one that is gone. */
function renumbered(doc: Doc, steps: Step[], to: (number: number) => number | undefined): Doc {
  const numbered = { ...doc, steps };
  const last = Math.max(1, steps.length);
  const next = mapEach(numbered, (field) => {
    const changes: Partial<Field> = {};
    for (const name of ["required_step", "immutable_step"] as const) {
      const number = field[name];
      if (number === undefined) continue;
      // Where its step is gone, from the one that stands there now.
      const moved = to(number) ?? Math.min(number, last);
      if (moved !== number) changes[name] = moved;
    }
    return Object.keys(changes).length > 0 ? { ...field, ...changes } : field;
  });
  return {
    ...next,
    steps: steps.map((step, index) => {
      if (step.on_reject === undefined) return step;
      const target = to(step.on_reject);
      const on_reject = target !== undefined && target <= index + 1 ? target : undefined;
      return on_reject === step.on_reject ? step : { ...step, on_reject };
    }),
  };
}

function mapEach(doc: Doc, map: (field: Field) => Field): Doc {
  return mapLists(doc, (fields) => {
    const next = fields.map(map);
    return next.every((field, index) => field === fields[index]) ? fields : next;
  });
}

export function addStep(doc: Doc, index: number, name: string): Doc {
  if (doc.steps.length >= STEPS_MAX) return doc;
  const step: Step = { key: newKey(), name, rule: "everyone", approvers: [] };
  const steps = [...doc.steps.slice(0, index), step, ...doc.steps.slice(index)];
  // A form without a route has its fields required "from step 1": they still are.
  return renumbered(doc, steps, (number) => (number > index && doc.steps.length > 0 ? number + 1 : number));
}

export function changeStep(doc: Doc, key: string, changes: Partial<Step>): Doc {
  return { ...doc, steps: doc.steps.map((step) => (step.key === key ? { ...step, ...changes } : step)) };
}

export function removeStep(doc: Doc, key: string): Doc {
  const index = doc.steps.findIndex((step) => step.key === key);
  if (index < 0) return doc;
  const steps = doc.steps.filter((step) => step.key !== key);
  return renumbered(doc, steps, (number) =>
    number === index + 1 ? undefined : number > index + 1 ? number - 1 : number,
  );
}

export function moveStep(doc: Doc, key: string, index: number): Doc {
  const from = doc.steps.findIndex((step) => step.key === key);
  const step = doc.steps[from];
  if (!step || from === index || index < 0 || index >= doc.steps.length) return doc;
  const steps = doc.steps.filter((other) => other !== step);
  steps.splice(index, 0, step);
  return renumbered(doc, steps, (number) => {
    const old = doc.steps[number - 1];
    return old ? steps.indexOf(old) + 1 : number;
  });
}

export const freshApprover = (who: Approver["who"]): Approver => ({ key: newKey(), who });

/** Choices, one a line; those that are there already, and empty lines, are passed over. */
export function choicesFrom(text: string, known: readonly Choice[]): Choice[] {
  const seen = new Set(known.map(({ choice_value }) => choice_value.trim().toLowerCase()));
  return text.split(/\r?\n/).flatMap((line) => {
    const name = line.trim().slice(0, 200);
    if (!name || seen.has(name.toLowerCase())) return [];
    seen.add(name.toLowerCase());
    return [freshChoice(name)];
  });
}
