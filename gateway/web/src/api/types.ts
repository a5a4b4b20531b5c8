// The dialect's objects as the app uses them: from the OpenAPI document, and closer where it leaves a shape open.

import type { Schemas } from "./client";

export type Person = Pick<Schemas["Person"], "id" | "first_name" | "last_name" | "email" | "type"> &
  Partial<Pick<Schemas["ShownPerson"], "department_id" | "department_name" | "position" | "avatar_id">>;

export type TaskHeader = Schemas["TaskHeader"];
export type TaskGroup = Schemas["TaskGroup"];

/** A field of a task with its value, as the dialect reads it (its write shapes differ: see `fields/write.ts`). */
export interface Field {
  id: number;
  type: FieldType;
  name: string;
  code?: string;
  parent_id?: number;
  value?: unknown;
  /** Minutes, of a due date. */
  duration?: number | string | null;
}

export type FieldType =
  | "text"
  | "money"
  | "number"
  | "date"
  | "time"
  | "due_date"
  | "due_date_time"
  | "creation_date"
  | "checkmark"
  | "email"
  | "phone"
  | "flag"
  | "step"
  | "status"
  | "catalog"
  | "multiple_choice"
  | "table"
  | "title"
  | "person"
  | "author"
  | "form_link"
  | "file"
  | "project"
  | "note"
  | "button";

export interface Approval {
  person: Person;
  approval_choice: string;
  step?: number;
}

/** A file of a task: as an answer shows it (`id`), or as a change that is not accepted yet says it (see `store/carried.ts`). */
export interface TaskFile {
  id?: number;
  attachment_id?: number;
  kept_file?: string;
  name: string;
  /** Bytes; a link has none. */
  size?: number | null;
  media_type?: string | null;
  url?: string | null;
  version?: number | null;
  root_id?: number | null;
}

export interface Comment {
  id: number;
  text?: string | null;
  formatted_text?: string | null;
  create_date: string;
  author: Person;
  action?: string | null;
  approval_choice?: string | null;
  reassigned_to?: Person | null;
  participants_added?: Person[] | null;
  participants_removed?: Person[] | null;
  subscribers_added?: Person[] | null;
  subscribers_removed?: Person[] | null;
  approvals_added?: Approval[][] | null;
  approvals_removed?: Approval[][] | null;
  approvals_rerequested?: Approval[][] | null;
  added_list_ids?: number[] | null;
  removed_list_ids?: number[] | null;
  field_updates?: Field[] | null;
  approval_step?: number | null;
  changed_step?: number | null;
  reset_to_step?: number | null;
  due_date?: string | null;
  due?: string | null;
  duration?: number | null;
  scheduled_date?: string | null;
  scheduled_datetime_utc?: string | null;
  cancel_schedule?: boolean | null;
  spent_minutes?: number | null;
  subject?: string | null;
  mentions?: number[] | null;
  reply_note_id?: number | null;
  skip_notification?: boolean | null;
  cancel_due?: boolean | null;
  subscribers_rerequested?: Person[] | null;
  comment_as_roles?: { id: number; name: string }[] | null;
  /** This comment edits or takes back that one; what it says now is shown there. */
  edit_comment_id?: number | null;
  delete_comment_id?: number | null;
  attachments?: TaskFile[] | null;
  /** Files that the edited comment had before. */
  removed_attachment_ids?: number[] | null;
}

export interface Task {
  id: number;
  text?: string | null;
  formatted_text?: string | null;
  subject?: string | null;
  create_date: string;
  last_modified_date: string;
  close_date?: string | null;
  author: Person;
  responsible?: Person | null;
  participants?: Person[] | null;
  subscribers?: { person: Person; approval_choice?: string | null }[] | null;
  due_date?: string | null;
  due?: string | null;
  duration?: number | null;
  scheduled_date?: string | null;
  scheduled_datetime_utc?: string | null;
  parent_task_id?: number | null;
  list_ids?: number[] | null;
  linked_task_ids?: number[] | null;
  last_note_id?: number | null;
  is_closed?: boolean | null;
  form_id?: number | null;
  fields?: Field[] | null;
  approvals?: Approval[][] | null;
  current_step?: number | null;
  steps?: { step: number; name: string; elapsed_time?: number }[] | null;
  comments?: Comment[];
}

export interface Answered {
  task: Task;
}

/** One field of a form's template. */
export interface TemplateField {
  id: number;
  type: FieldType;
  name: string;
  code?: string | null;
  tooltip?: string | null;
  parent_id?: number | null;
  default_value?: string | null;
  visibility_condition?: { expression: string } | null;
  info: {
    required_step?: number | null;
    immutable_step?: number | null;
    options?:
      | { choice_id: number; choice_value: string; deleted?: boolean; fields?: TemplateField[] }[]
      | null;
    columns?: TemplateField[] | null;
    fields?: TemplateField[] | null;
    form_id?: number | null;
    catalog_id?: number | null;
    decimal_places?: number | null;
    multiple_choice?: boolean;
    multiline?: boolean;
    code?: string | null;
    /** Its value follows from other fields; nobody fills it in. */
    formula?: string | null;
    /** Of a section: a checkmark of its own opens it. */
    checkmark?: boolean;
  };
}

export interface Form {
  id: number;
  name: string;
  steps: Record<string, string>;
  fields: TemplateField[];
  deleted_or_closed: boolean;
  business_owners?: number[];
  folder?: string[];
  print_forms?: { print_form_id: number; print_form_name: string }[];
  template: number;
}
