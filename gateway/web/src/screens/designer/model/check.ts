// What is wrong with a definition, as far as it can be told without the server, and where. The server decides.

import { isCode, tried } from "~/expression/parse";
import { type Fault, type FieldRef, fieldsOf } from "~/expression/tree";
import { type Approver, type Doc, type Field, foreseenIds, type Ids, placed } from "./doc";
import { COMPUTED, type Definition } from "./wire";

export type FlawRule =
  | "name_missing"
  | "code"
  | "code_taken"
  | "catalog_missing"
  | "form_missing"
  | "choice_twice"
  | "choice_empty"
  | "unknown_field"
  | "formula_type"
  | "formula_follows"
  | "approver_gone"
  | "due_minutes"
  | "expression";

export interface Where {
  /** The key of a field or of a step; neither for the form itself. */
  field?: string;
  step?: string;
  property?: string;
}

export interface Flaw {
  where: Where;
  rule: FlawRule;
  detail?: string;
  fault?: Fault;
}

/** The field that an expression names. */
export function named(doc: Doc, ids: Ids, ref: FieldRef): Field | undefined {
  const by = "id" in ref ? ({ field }: { field: Field }) => ids.get(field.key) === ref.id : undefined;
  return placed(doc).find(by ?? (({ field }) => "code" in ref && field.code === ref.code))?.field;
}

/** What is wrong with an expression by itself: its grammar, and fields that are not there. */
export function flawIn(
  doc: Doc,
  ids: Ids,
  source: string,
): Pick<Flaw, "rule" | "detail" | "fault"> | undefined {
  const { node, fault } = tried(source);
  if (fault) return { rule: "expression", fault };
  const missing = fieldsOf(node).find(({ field }) => !named(doc, ids, field));
  if (!missing) return undefined;
  return {
    rule: "unknown_field",
    detail: "id" in missing.field ? `#${missing.field.id}` : missing.field.code,
  };
}

export function flaws(doc: Doc, ids: Ids): Flaw[] {
  const found: Flaw[] = [];
  const codes = new Set<string>();
  const all = placed(doc);
  const known = new Set(all.map(({ field }) => field.key));
  for (const { field } of all) {
    const wrong = (property: string, rule: FlawRule, detail?: string, fault?: Fault) =>
      found.push({ where: { field: field.key, property }, rule, detail, fault });
    if (!field.name.trim()) wrong("name", "name_missing");
    if (field.code) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(field.code)) wrong("code", "code");
      else if (codes.has(field.code)) wrong("code", "code_taken");
      codes.add(field.code);
    }
    if (field.type === "catalog" && !field.catalog_id) wrong("catalog_id", "catalog_missing");
    if (field.type === "form_link" && !field.form_id) wrong("form_id", "form_missing");
    const choices = new Set<string>();
    for (const choice of field.options ?? []) {
      const name = choice.choice_value.trim();
      if (!name) wrong("options", "choice_empty");
      else if (choices.has(name.toLowerCase())) wrong("options", "choice_twice", name);
      choices.add(name.toLowerCase());
    }
    for (const property of ["visible_if", "formula"] as const) {
      const source = field[property];
      const flaw = source ? flawIn(doc, ids, source) : undefined;
      if (flaw) wrong(property, flaw.rule, flaw.detail, flaw.fault);
    }
    if (field.formula) {
      if (!COMPUTED.has(field.type)) wrong("formula", "formula_type");
      const { node } = tried(field.formula);
      const follows = node && fieldsOf(node).find(({ field: ref }) => named(doc, ids, ref)?.formula);
      if (follows) wrong("formula", "formula_follows");
    }
  }
  const asked = (approvers: Approver[], step: string | undefined) => {
    for (const { who, condition } of approvers) {
      const key =
        typeof who === "string"
          ? undefined
          : "field" in who
            ? who.field
            : "catalog_field" in who
              ? who.catalog_field.field
              : undefined;
      const where = { step, property: step ? "approvers" : "subscribers" };
      if (key !== undefined && !known.has(key)) found.push({ where, rule: "approver_gone" });
      const flaw = condition ? flawIn(doc, ids, condition) : undefined;
      if (flaw) found.push({ where, ...flaw });
    }
  };
  for (const step of doc.steps) {
    const where = (property: string) => ({ step: step.key, property });
    if (!step.name.trim()) found.push({ where: where("name"), rule: "name_missing" });
    const flaw = step.condition ? flawIn(doc, ids, step.condition) : undefined;
    if (flaw) found.push({ where: where("condition"), ...flaw });
    if (step.due_minutes !== undefined && !(step.due_minutes >= 1 && step.due_minutes <= 366 * 24 * 60))
      found.push({ where: where("due_minutes"), rule: "due_minutes" });
    if (step.subprocess && !step.subprocess.form_id)
      found.push({ where: where("subprocess"), rule: "form_missing" });
    asked(step.approvers, step.key);
  }
  asked(doc.subscribers, undefined);
  return found;
}

/** Where the server's refusal points: it begins with `field 3 (Amount): …` or `step 2 (Chief): …`. */
export function placeOf(message: string, doc: Doc, ids: Ids, known: Definition): Where | undefined {
  const match = /^(field|step) (\d+)\b/.exec(message);
  if (!match) return undefined;
  const number = Number(match[2]);
  if (match[1] === "step") {
    const step = doc.steps[number - 1];
    return step && { step: step.key };
  }
  const field = foreseenIds(doc, ids, known).get(number);
  return field === undefined ? undefined : { field };
}

/** How a condition names a field: by its code, else by its id; nothing for one that has neither yet. */
export function refTo(field: Field, ids: Ids): FieldRef | undefined {
  if (field.code && isCode(field.code)) return { code: field.code };
  const id = ids.get(field.key);
  return id ? { id } : undefined;
}
