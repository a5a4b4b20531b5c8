// What a comment says it changed, with what was there before where the comments before it tell. Pure; the words are in `ChangeLine`.

import type { Comment, Field, Person } from "~/api/types";

/** When something is due: a day, or a moment with its length in minutes. */
export interface Due {
  date?: string;
  moment?: string;
  duration?: number;
}

export type Change =
  | { kind: "decided"; choice: string; step?: number }
  | { kind: "step"; step: number; back: boolean }
  | { kind: "field"; field: Field; before?: Field }
  | { kind: "reassigned"; to: Person; before?: Person }
  | {
      kind: "people";
      whose: "participants" | "subscribers" | "approvers";
      added: Person[];
      removed: Person[];
      again: Person[];
      step?: number;
    }
  | { kind: "due"; due?: Due; before?: Due }
  | { kind: "schedule"; date?: string; moment?: string }
  | { kind: "lists"; added: number[]; removed: number[] }
  | { kind: "action"; action: "finished" | "reopened" }
  | { kind: "renamed"; subject: string }
  | { kind: "spent"; minutes: number }
  | { kind: "files_removed"; count: number }
  | { kind: "edited"; comment: number }
  | { kind: "deleted"; comment: number };

/** The ids of fields, with those that stand in other fields. */
const key = (field: Field) => `${field.parent_id ?? ""}/${field.id}`;

/** What every comment changed, by the comment's id. The first one made the task: what it filled in is the task itself. */
export function changesOf(comments: readonly Comment[]): ReadonlyMap<number, readonly Change[]> {
  const told = new Map<number, readonly Change[]>();
  const fields = new Map<string, Field>();
  let due: Due | undefined;
  let responsible: Person | undefined;
  comments.forEach((comment, index) => {
    const changes: Change[] = [];
    const first = index === 0;
    for (const field of comment.field_updates ?? []) {
      if (!first) changes.push({ kind: "field", field, before: fields.get(key(field)) });
      // A table says which rows changed, not what it is now.
      if (field.type !== "table") fields.set(key(field), field);
    }
    if (comment.reassigned_to) {
      if (!first) changes.push({ kind: "reassigned", to: comment.reassigned_to, before: responsible });
      responsible = comment.reassigned_to;
    }
    if (!first) people(comment, changes);
    const next = dueOf(comment);
    if (next || comment.cancel_due) {
      if (!first) changes.push({ kind: "due", due: next, before: due });
      due = next;
    }
    if (comment.scheduled_date || comment.scheduled_datetime_utc) {
      changes.push({
        kind: "schedule",
        date: comment.scheduled_date ?? undefined,
        moment: comment.scheduled_datetime_utc ?? undefined,
      });
    } else if (comment.cancel_schedule) changes.push({ kind: "schedule" });
    const added = comment.added_list_ids ?? [];
    const removed = comment.removed_list_ids ?? [];
    if (added.length + removed.length > 0) changes.push({ kind: "lists", added, removed });
    if (comment.subject && !first) changes.push({ kind: "renamed", subject: comment.subject });
    if (comment.spent_minutes) changes.push({ kind: "spent", minutes: comment.spent_minutes });
    if (comment.approval_choice && !(first && comment.approval_choice === "approved"))
      changes.push({
        kind: "decided",
        choice: comment.approval_choice,
        step: comment.approval_step ?? undefined,
      });
    if (comment.reset_to_step) changes.push({ kind: "step", step: comment.reset_to_step, back: true });
    else if (comment.changed_step && !first)
      changes.push({ kind: "step", step: comment.changed_step, back: false });
    if (comment.action === "finished" || comment.action === "reopened")
      changes.push({ kind: "action", action: comment.action });
    if (comment.edit_comment_id) changes.push({ kind: "edited", comment: comment.edit_comment_id });
    const taken = comment.removed_attachment_ids?.length ?? 0;
    if (taken > 0) changes.push({ kind: "files_removed", count: taken });
    if (comment.delete_comment_id) changes.push({ kind: "deleted", comment: comment.delete_comment_id });
    if (changes.length > 0) told.set(comment.id, changes);
  });
  return told;
}

export function dueOf(from: {
  due_date?: string | null;
  due?: string | null;
  duration?: number | null;
}): Due | undefined {
  if (from.due) return { moment: from.due, ...(from.duration ? { duration: from.duration } : {}) };
  return from.due_date ? { date: from.due_date } : undefined;
}

function people(comment: Comment, changes: Change[]): void {
  const group = (
    whose: "participants" | "subscribers" | "approvers",
    added: Person[],
    removed: Person[],
    again: Person[],
    step?: number,
  ) => {
    if (added.length + removed.length + again.length > 0)
      changes.push({ kind: "people", whose, added, removed, again, step });
  };
  group("participants", comment.participants_added ?? [], comment.participants_removed ?? [], []);
  group(
    "subscribers",
    comment.subscribers_added ?? [],
    comment.subscribers_removed ?? [],
    comment.subscribers_rerequested ?? [],
  );
  const steps = Math.max(
    comment.approvals_added?.length ?? 0,
    comment.approvals_removed?.length ?? 0,
    comment.approvals_rerequested?.length ?? 0,
  );
  for (let index = 0; index < steps; index += 1) {
    const at = (lists: Comment["approvals_added"]) => (lists?.[index] ?? []).map(({ person }) => person);
    group(
      "approvers",
      at(comment.approvals_added),
      at(comment.approvals_removed),
      at(comment.approvals_rerequested),
      index + 1,
    );
  }
}
