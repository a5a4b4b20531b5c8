// How a form is defined, as `GET /v4/forms/{id}/definition` shows it and `PUT /v4/forms/{id}` takes it.

export type FieldType =
  | "text"
  | "money"
  | "number"
  | "date"
  | "time"
  | "checkmark"
  | "flag"
  | "due_date"
  | "due_date_time"
  | "email"
  | "phone"
  | "person"
  | "multiple_choice"
  | "title"
  | "table"
  | "form_link"
  | "catalog"
  | "file"
  | "step"
  | "status"
  | "creation_date"
  | "author"
  | "note";

/** What a field has besides its name and what lies in it. */
export interface FieldProperties {
  name: string;
  type: FieldType;
  code?: string;
  tooltip?: string;
  required_step?: number;
  immutable_step?: number;
  in_title?: boolean;
  default_value?: string;
  visible_if?: string;
  formula?: string;
  multiline?: boolean;
  decimal_places?: number;
  multiple?: boolean;
  checkmark?: boolean;
  form_id?: number;
  catalog_id?: number;
}

export interface WireField extends FieldProperties {
  id?: number;
  deleted?: boolean;
  fields?: WireField[];
  columns?: WireField[];
  options?: WireChoice[];
}

export interface WireChoice {
  choice_id?: number;
  choice_value: string;
  code?: string;
  fields?: WireField[];
  deleted?: boolean;
}

export type Rule = "everyone" | "first" | { at_least: number };

/** Of a field by `F`: its id on the wire, its key in the designer. */
export type WhoBy<F> =
  | "author"
  | "department_head"
  | { person: number }
  | { field: F }
  | { catalog_field: { field: F; column: string } };

export interface Pair {
  from: string;
  to: string;
}

export interface Subprocess {
  form_id: number;
  wait?: boolean;
  keep_open?: boolean;
  fields?: Pair[];
  results?: Pair[];
}

export interface WireApprover {
  who: WhoBy<number>;
  condition?: string;
}

export interface StepProperties {
  name: string;
  rule?: Rule;
  condition?: string;
  on_reject?: number;
  due_minutes?: number;
  subprocess?: Subprocess;
}

export interface WireStep extends StepProperties {
  approvers?: WireApprover[];
}

export interface Definition {
  fields: WireField[];
  steps?: WireStep[];
  subscribers?: WireApprover[];
  auto_close?: boolean;
}

export interface Defined {
  form_id: number;
  template: number;
  /** Rises with every change of the definition. */
  version: number;
  published: Definition;
  draft?: Definition;
}

export const STEPS_MAX = 20;
export const FIELDS_MAX = 500;
export const DEPTH_MAX = 4;

/** Types that tell of the task; nobody fills them in. */
export const TOLD: ReadonlySet<FieldType> = new Set(["step", "status", "creation_date", "author", "note"]);
/** Types whose value may be computed. */
export const COMPUTED: ReadonlySet<FieldType> = new Set(["text", "number", "money", "date", "checkmark"]);
