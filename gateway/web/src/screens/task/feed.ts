// The comments of a task as one reads them: days between them, what one person said in one go under one name, and what only changed
// something as small lines that are drawn together. Pure.

import type { Comment } from "~/api/types";
import { dayOf } from "~/i18n/format";
import { isPending } from "~/store/tasks";
import type { Change } from "./changes";

export type Item =
  | { kind: "day"; key: string; day: string }
  /** Somebody said something; `goes_on`: as before, so without the name again. */
  | { kind: "said"; key: string; comment: Comment; changes: readonly Change[]; goesOn: boolean }
  /** Something changed without a word: what one person did in one go. */
  | { kind: "happened"; key: string; comments: Comment[]; changes: readonly Change[] };

/** What belongs to one go, in milliseconds. */
const TOGETHER = 10 * 60_000;

export const says = (comment: Comment): boolean =>
  Boolean(comment.text || comment.formatted_text || comment.attachments?.length);

export function feedOf(
  comments: readonly Comment[],
  changes: ReadonlyMap<number, readonly Change[]>,
  changedBy: (comment: Comment) => readonly Change[] = ({ id }) => changes.get(id) ?? [],
): Item[] {
  const items: Item[] = [];
  const taken = new Set(comments.flatMap(({ delete_comment_id: id }) => (id ? [id] : [])));
  let day = "";
  let before: Comment | undefined;
  comments.forEach((comment, index) => {
    const own = changedBy(comment);
    const said = says(comment) || isPending(comment) || taken.has(comment.id) || index === 0;
    // What was edited shows its new text where it stands; a taken back one says so there.
    if (!said && own.length > 0 && own.every(({ kind }) => kind === "edited" || kind === "deleted")) return;
    if (!said && own.length === 0) return;
    const here = dayOf(new Date(comment.create_date));
    if (here !== day) {
      day = here;
      before = undefined;
      items.push({ kind: "day", key: `day ${here} ${comment.id}`, day: here });
    }
    const goesOn =
      before !== undefined &&
      before.author.id === comment.author.id &&
      Date.parse(comment.create_date) - Date.parse(before.create_date) < TOGETHER;
    const last = items.at(-1);
    if (said)
      items.push({
        kind: "said",
        key: String(comment.id),
        comment,
        changes: own,
        goesOn: goesOn && last?.kind === "said",
      });
    else if (goesOn && last?.kind === "happened") {
      last.comments.push(comment);
      last.changes = merged(last.changes, own);
    } else items.push({ kind: "happened", key: String(comment.id), comments: [comment], changes: own });
    before = comment;
  });
  return items;
}

/** One person's changes of the same thing in one go are one change: from what was first to what is last. */
export function merged(earlier: readonly Change[], later: readonly Change[]): Change[] {
  const next = [...earlier];
  for (const change of later) {
    const at = next.findIndex(
      (old) =>
        (old.kind === "field" &&
          change.kind === "field" &&
          old.field.id === change.field.id &&
          old.field.parent_id === change.field.parent_id &&
          old.field.type !== "table") ||
        (old.kind === "due" && change.kind === "due") ||
        (old.kind === "renamed" && change.kind === "renamed"),
    );
    const old = next[at];
    if (old?.kind === "field" && change.kind === "field") next[at] = { ...change, before: old.before };
    else if (old?.kind === "due" && change.kind === "due") next[at] = { ...change, before: old.before };
    else if (old && change.kind === "renamed") next[at] = change;
    else next.push(change);
  }
  return next;
}

/** Where a comment stands in the feed: by its id, or by that of one that was drawn into it. */
export function placeOf(items: readonly Item[], comment: number): number {
  return items.findIndex(
    (item) =>
      (item.kind === "said" && item.comment.id === comment) ||
      (item.kind === "happened" && item.comments.some(({ id }) => id === comment)),
  );
}
