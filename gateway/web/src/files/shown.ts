// How a file is told of: its name with nothing in it that misleads, its size, and what kind it is. Pure.

import type { Formats, Messages } from "~/i18n";
import type { Attached } from "~/store/carried";

/** What turns the direction of reading, and so lets a name end in something else than it seems to. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const CONTROL = /\p{Cc}+/gu;

/** The name as it is shown: what has no width or turns the reading is left out. */
export function nameOf(file: Pick<Attached, "name">, t: Messages): string {
  return file.name.replace(TURNS, "").replace(CONTROL, " ").trim() || t.files.nameless;
}

/** The longest ending that counts as one, in characters. */
const ENDING_MAX = 8;

/** A name in two parts, of which the second stays in sight where there is no room for all. */
export function parted(name: string): [stem: string, ending: string] {
  const characters = [...name];
  const dot = characters.lastIndexOf(".");
  const ending = characters.length - dot;
  if (dot <= 0 || ending > ENDING_MAX) return [name, ""];
  // A little of what stands before the ending tells names apart that begin alike.
  const at = Math.max(1, dot - 3);
  return [characters.slice(0, at).join(""), characters.slice(at).join("")];
}

export function sizeText(bytes: number, t: Messages, format: Formats): string {
  const units = [t.files.size.bytes, t.files.size.kilo, t.files.size.mega, t.files.size.giga];
  let value = bytes;
  let unit = 0;
  // What would be rounded up to a thousand is one of the next.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${format.number(unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value))}\u00a0${units[unit]}`;
}

export type Kind = "picture" | "text" | "sheet" | "archive" | "sound" | "film" | "link" | "other";

/** Those that a browser draws without running anything in them. */
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"]);
/** As large as one that is drawn before somebody asks for it may be, in bytes. */
const DRAWN_MAX = 10_000_000;

const ENDINGS: [Kind, RegExp][] = [
  ["text", /\.(pdf|docx?|odt|rtf|txt|md|pptx?|odp)$/i],
  ["sheet", /\.(xlsx?|ods|csv|tsv)$/i],
  ["archive", /\.(zip|7z|rar|tar|gz|bz2|xz)$/i],
];

export function kindOf({ name, media_type = "", size, url, kept_file }: Attached): Kind {
  if (isLink({ size, url, kept_file })) return "link";
  const type = media_type.toLowerCase().split(";")[0]?.trim() ?? "";
  if (PICTURES.has(type)) return "picture";
  if (type.startsWith("audio/")) return "sound";
  if (type.startsWith("video/")) return "film";
  const ending = ENDINGS.find(([, pattern]) => pattern.test(name))?.[0];
  return ending ?? (type.startsWith("text/") ? "text" : "other");
}

/** It leads somewhere else: the server has nothing of it. */
export const isLink = ({ size, url, kept_file }: Pick<Attached, "size" | "url" | "kept_file">): boolean =>
  kept_file === undefined && size === undefined && url !== undefined;

/** A picture that is drawn where it stands. */
export const isDrawn = (file: Attached): boolean =>
  kindOf(file) === "picture" && (file.size ?? 0) <= DRAWN_MAX;

/** Where it is got, on the server that is talked to; of a link where it leads, if that is the web. */
export function addressOf(file: Attached, preview = false): string | undefined {
  if (isLink(file)) {
    try {
      const { protocol, href } = new URL(file.url ?? "");
      return protocol === "https:" || protocol === "http:" ? href : undefined;
    } catch {
      return undefined;
    }
  }
  if (file.attachment_id === undefined) return undefined;
  return `/services/attachment?Id=${file.attachment_id}${preview ? "&ispreview=1" : ""}`;
}
