// Files within what is typed and sent. A file is chosen long before the server has it: drafts and changes name it by an id of this
// browser's (`kept_file`), and the server's own word for it is put in as a change is sent.

import type { TaskFile } from "~/api/types";
import type { Refusal } from "./command";

/** A file on a task, or to be put on one: one that the server has (`attachment_id`), or one that this browser keeps (`kept_file`). */
export interface Attached {
  attachment_id?: number;
  kept_file?: string;
  name: string;
  /** Bytes; a link has none. */
  size?: number;
  media_type?: string;
  url?: string;
  version?: number;
  root_id?: number;
}

/** A file that this browser keeps until a change that carries it was accepted. What is in it is kept apart. */
export interface KeptFile {
  /** Made here; stands for it in drafts and changes. */
  id: string;
  name: string;
  /** Bytes. */
  size: number;
  media_type: string;
  /** When it was chosen, by this browser's clock, in milliseconds. */
  at: number;
  /** The `Idempotency-Key` of its upload. */
  key: string;
  /** The server's word for it, and when it was given. */
  guid?: string;
  uploaded?: number;
  /** A change with this guid was sent: it stays, so that a repeat of the change is the same. */
  told?: boolean;
  refusal?: Refusal;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** Files as an answer or a change has them; what is no file is left out. Pure. */
export function attachedIn(value: unknown): Attached[] {
  if (!Array.isArray(value)) return [];
  return (value as (Partial<TaskFile> | null)[]).flatMap((file) => {
    if (!file || typeof file !== "object") return [];
    const kept_file = text(file.kept_file);
    const attachment_id = kept_file ? undefined : (number(file.attachment_id) ?? number(file.id));
    if (!kept_file && attachment_id === undefined) return [];
    const shown = {
      attachment_id,
      kept_file,
      name: text(file.name) ?? "",
      size: number(file.size),
      media_type: text(file.media_type),
      url: text(file.url),
      version: number(file.version),
      root_id: number(file.root_id),
    };
    return [Object.fromEntries(Object.entries(shown).filter(([, part]) => part !== undefined)) as never];
  });
}

/** What tells one file from another. */
export const keyOf = (file: Attached): string => file.kept_file ?? String(file.attachment_id);

/** The ids of the files that this browser keeps for a body. Pure. */
export function filesIn(body: unknown): string[] {
  if (Array.isArray(body)) return body.flatMap(filesIn);
  if (!body || typeof body !== "object") return [];
  const id = text((body as Attached).kept_file);
  return id ? [id] : Object.values(body).flatMap(filesIn);
}

/** One of the files that this browser keeps for a body. Pure. */
export function keptIn(body: unknown, file: string): Attached | undefined {
  if (!body || typeof body !== "object") return undefined;
  if ((body as Attached).kept_file === file) return body as Attached;
  for (const part of Object.values(body)) {
    const found = keptIn(part, file);
    if (found) return found;
  }
  return undefined;
}

/** The body as the server wants it: guids for the files that it was given, and nothing but their ids for those that it had. Pure. */
export function asSent(body: unknown, guids: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(body)) return body.map((part) => asSent(part, guids));
  if (!body || typeof body !== "object") return body;
  const { kept_file, attachment_id, root_id } = body as Attached;
  if (typeof kept_file === "string") {
    const guid = guids.get(kept_file);
    return root_id === undefined ? guid : { guid, root_id };
  }
  if (typeof attachment_id === "number") return { attachment_id };
  return Object.fromEntries(Object.entries(body).map(([name, part]) => [name, asSent(part, guids)]));
}

/** The body without one of the files that it carries; nothing where nothing is left of it. Pure. */
export function without(body: unknown, file: string): unknown {
  const left = stripped(body, file) as Record<string, unknown>;
  const attachments = left.attachments;
  // An edit that empties the list says so; anything else that carries no file does not speak of them.
  if (Array.isArray(attachments) && attachments.length === 0 && !left.edit_comment_id)
    delete left.attachments;
  const says = Object.keys(left).some((name) => name !== "skip_notification" && name !== "hide");
  return says ? left : undefined;
}

function stripped(body: unknown, file: string): unknown {
  if (Array.isArray(body))
    return body
      .filter((part: Partial<Attached> | null) => part?.kept_file !== file)
      .map((part) => stripped(part, file));
  if (!body || typeof body !== "object") return body;
  return Object.fromEntries(Object.entries(body).map(([name, part]) => [name, stripped(part, file)]));
}
