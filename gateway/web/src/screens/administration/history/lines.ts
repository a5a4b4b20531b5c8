// The histories as the server writes them (CSV with a line of names), as rows. Reading CSV itself is papaparse's; the rest is pure.

import Papa from "papaparse";

export interface Line {
  id: string;
  /** The moment, as the dialect writes moments; empty where there is none. */
  time: string;
  person: number;
  email: string;
  address: string;
  /** The program in words. */
  program: string;
  /** The number of the event's kind. */
  event?: number;
  details?: Record<string, unknown>;
  task?: number;
}

/** `20261128T231130Z` as `2026-11-28T23:11:30Z`; anything else as nothing. */
export function momentOf(stamp: string): string {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp);
  if (!parts) return "";
  const [, year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

/** Rows of a CSV by the names in its first line. A row that lacks columns has them empty. */
export function linesOf(csv: string): Line[] {
  const { data } = Papa.parse<Record<string, string>>(csv.trim(), { header: true, skipEmptyLines: true });
  return data.map((row, index) => {
    const line: Line = {
      id: row.event_id || row.id || row.user_id || String(index),
      time: momentOf(row.time ?? row.last_action ?? ""),
      person: Number(row.user_id) || 0,
      email: row.user_email ?? "",
      address: row.ip ?? "",
      program: (row.user_agent ?? "").split("|")[0] ?? "",
    };
    if (row.event_type) line.event = Number(row.event_type);
    if (row.extra_data) line.details = detailsOf(row.extra_data);
    if (row.task_id) line.task = Number(row.task_id);
    return line;
  });
}

function detailsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return value && typeof value === "object" ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export interface LineFilter {
  text: string;
  event?: number;
  /** Days here, both included. */
  from?: string;
  until?: string;
}

/** Lines that the filter lets through, the newest first. `words` says what else is known of a line. */
export function shownLines(
  lines: readonly Line[],
  filter: LineFilter,
  dayOf: (moment: string) => string,
  words: (line: Line) => string,
): Line[] {
  const wanted = filter.text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return lines
    .filter((line) => {
      if (filter.event !== undefined && line.event !== filter.event) return false;
      const day = line.time && dayOf(line.time);
      if (filter.from && (!day || day < filter.from)) return false;
      if (filter.until && (!day || day > filter.until)) return false;
      if (wanted.length === 0) return true;
      const own = `${line.email} ${line.address} ${line.task ?? ""} ${words(line)}`.toLocaleLowerCase();
      return wanted.every((word) => own.includes(word));
    })
    .sort((left, right) => right.time.localeCompare(left.time));
}

/** The rows as a CSV that a spreadsheet opens without running anything that somebody wrote into it. */
export const csvOf = (rows: Record<string, string>[]): string => Papa.unparse(rows, { escapeFormulae: true });
