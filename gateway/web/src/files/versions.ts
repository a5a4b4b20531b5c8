// The versions of files: those that a task holds, who brought each and when; and what may be done with a file where it stands.

import { createContext } from "react";
import type { Comment, Field, Person } from "~/api/types";
import { type Attached, attachedIn } from "~/store/carried";

export interface Version {
  file: Attached;
  author: Person;
  at: string;
}

/** What a screen knows of the files that it shows; nothing where they are only looked at. */
export interface Versioning {
  of: (file: Attached) => readonly Version[];
  /** Takes a file that was chosen as the next version of one that is there; missing where nothing is changed. */
  renew?: (file: Attached, next: Attached) => void;
}

export const VersioningContext = createContext<Versioning | undefined>(undefined);

/** The first version of it, by which all of them are known. */
export const rootOf = ({ root_id, attachment_id }: Attached): number | undefined => root_id ?? attachment_id;

/** All versions that a task's comments have brought and not taken out again, the newest first, by their root. Pure. */
export function versionsIn(comments: readonly Comment[]): ReadonlyMap<number, readonly Version[]> {
  const gone = new Set(comments.flatMap(({ removed_attachment_ids }) => removed_attachment_ids ?? []));
  const seen = new Set<number>();
  const versions = new Map<number, Version[]>();
  for (const { author, create_date, attachments, field_updates } of comments) {
    for (const file of [...attachedIn(attachments), ...filesOf(field_updates)]) {
      const { attachment_id } = file;
      const root = rootOf(file);
      if (attachment_id === undefined || root === undefined || gone.has(attachment_id)) continue;
      // It may be named again later; it came when it was named first.
      if (seen.has(attachment_id)) continue;
      seen.add(attachment_id);
      const known = versions.get(root) ?? [];
      known.push({ file, author, at: create_date });
      versions.set(root, known);
    }
  }
  for (const known of versions.values())
    known.sort((left, right) => (right.file.version ?? 1) - (left.file.version ?? 1));
  return versions;
}

/** Those that stand in fields, in rows of tables and below choices and sections as well. */
function filesOf(fields: readonly Field[] | null | undefined): Attached[] {
  return (fields ?? []).flatMap(({ type, value }) => {
    if (type === "file") return attachedIn(value);
    if (type === "table")
      return (Array.isArray(value) ? value : []).flatMap((row: { cells?: Field[] }) => filesOf(row?.cells));
    return filesOf((value as { fields?: Field[] } | null | undefined)?.fields);
  });
}
