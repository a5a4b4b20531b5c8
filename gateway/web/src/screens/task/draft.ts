// What is written under a task and not sent, and the request that it becomes. Pure.

import type { Comment } from "~/api/types";
import type { Formats } from "~/i18n";
import { type Attached, attachedIn } from "~/store/carried";
import { escaped } from "./html";

export interface Draft {
  /** As plain text; what it says where formatting is not at hand. */
  text: string;
  /** As the dialect's formatted text, where there is more to it than its words. */
  html?: string;
  reply?: { id: number; person: number; name: string; text: string };
  /** The comment that this is to be in place of. */
  edit?: number;
  minutes?: number;
  silent?: boolean;
  /** Of a comment that is edited all that it is to have, those that it has among them. */
  files?: Attached[];
}

export const EMPTY: Draft = { text: "" };

/** Nothing would be lost with it. */
export const isBlank = (draft: Draft | undefined): boolean =>
  !draft ||
  (!draft.text.trim() &&
    !draft.files?.length &&
    !draft.reply &&
    !draft.edit &&
    !draft.minutes &&
    !draft.silent);

/** There is something in it to be said. */
export const says = ({ text, files }: Draft): boolean => text.trim() !== "" || Boolean(files?.length);

export function replyTo(comment: Comment, format: Formats): Draft["reply"] {
  const text = (comment.text ?? "").replace(/\s+/g, " ").trim();
  return {
    id: comment.id,
    person: comment.author.id,
    name: format.person(comment.author),
    text: text.length > 160 ? `${text.slice(0, 160)}…` : text,
  };
}

/** The body of the request; nothing where nothing is said or done. `more` is done along with it. */
export function bodyOf(
  draft: Draft,
  more: Record<string, unknown> = {},
): Record<string, unknown> | undefined {
  const body: Record<string, unknown> = { ...more };
  const text = draft.text.trim();
  if (text) {
    const plain = escaped(text).replaceAll("\n", "<br>");
    const { reply } = draft;
    if (reply) {
      const quote = `<quote data-noteid="${reply.id}" data-personid="${reply.person}" data-personname="${escaped(reply.name)}">${escaped(reply.text)}</quote>`;
      body.formatted_text = quote + (draft.html ?? plain);
    } else if (draft.html) body.formatted_text = draft.html;
    else body.text = text;
  }
  if (says(draft)) {
    if (draft.files?.length || (draft.files && draft.edit)) body.attachments = draft.files;
    if (draft.edit) body.edit_comment_id = draft.edit;
    // An edit always says what the text is now.
    if (draft.edit && !text) body.text = "";
  }
  if (draft.minutes) body.spent_minutes = draft.minutes;
  if (Object.keys(body).length === 0) return undefined;
  if (draft.silent) body.skip_notification = true;
  return body;
}

/** A request that was refused, as something to go on writing. */
export function draftOf(body: unknown): Draft {
  const held = (body ?? {}) as {
    text?: string;
    formatted_text?: string;
    spent_minutes?: number;
    skip_notification?: boolean;
    edit_comment_id?: number;
    attachments?: unknown;
  };
  const files = attachedIn(held.attachments);
  return {
    ...written(held.text, held.formatted_text),
    ...(held.spent_minutes && { minutes: held.spent_minutes }),
    ...(held.skip_notification && { silent: true }),
    ...(held.edit_comment_id && { edit: held.edit_comment_id }),
    ...(Array.isArray(held.attachments) && { files }),
  };
}

/** A text as it was sent, taken apart again: the comment that it answers, and its own words. */
export function written(text: string | null | undefined, html: string | null | undefined): Draft {
  if (!html) return { text: text ?? "" };
  const root = new DOMParser().parseFromString(html, "text/html").body;
  const quote = root.firstElementChild?.tagName === "QUOTE" ? root.firstElementChild : undefined;
  const id = Number(quote?.getAttribute("data-noteid"));
  const reply =
    quote && id > 0
      ? {
          id,
          person: Number(quote.getAttribute("data-personid")),
          name: quote.getAttribute("data-personname") ?? "",
          text: quote.textContent ?? "",
        }
      : undefined;
  if (reply) quote?.remove();
  for (const brk of root.querySelectorAll("br")) brk.replaceWith("\n");
  for (const block of root.querySelectorAll("p, li, div")) block.append("\n");
  const words = text && !reply ? text : (root.textContent ?? "").trim();
  if (!reply) return { text: words, html };
  return { text: words, html: html.slice(html.indexOf("</quote>") + "</quote>".length), reply };
}
