// Files of tables: CSV and XLSX read in the browser, CSV written. The readers are loaded when a file is chosen.

import Papa from "papaparse";

export interface Sheet {
  name: string;
  rows: string[][];
}

/** Bytes that are read at most. */
const BYTES_MAX = 40 * 1024 * 1024;

/** @throws Where it is not a table. */
export async function read(file: File): Promise<Sheet[]> {
  if (file.size > BYTES_MAX) throw new Error("too large");
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  // A ZIP archive begins with PK: so do spreadsheets.
  if (head[0] === 0x50 && head[1] === 0x4b) {
    // Its other entries make workers of texts, which the policy of the app forbids.
    const { default: readSheets } = await import("read-excel-file/universal");
    const sheets = await readSheets(file);
    return sheets.map(({ sheet, data }) => ({ name: sheet, rows: data.map((row) => row.map(textOf)) }));
  }
  const bytes = await file.arrayBuffer();
  return [{ name: file.name, rows: rowsOf(decoded(bytes)) }];
}

/** UTF-8, else what spreadsheets wrote before. */
function decoded(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const cyrillic = document.documentElement.lang === "ru";
    return new TextDecoder(cyrillic ? "windows-1251" : "windows-1252").decode(bytes);
  }
}

export function rowsOf(text: string): string[][] {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ""), { skipEmptyLines: "greedy" });
  if (errors.some(({ type }) => type === "Quotes")) throw new Error("not CSV");
  return data;
}

/** A cell as one would type it. */
export function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date) {
    const text = cell.toISOString();
    return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text.slice(0, 16).replace("T", " ");
  }
  return String(cell);
}

/** With what a spreadsheet would take for a formula written as text. */
export const csvOf = (table: string[][]): string =>
  `\uFEFF${Papa.unparse(table, { escapeFormulae: /^[=@\t\r]|^[+-](?![\d\s.,])/ })}`;

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name.replace(/[\\/:*?"<>|]+/g, "_");
  link.click();
  URL.revokeObjectURL(url);
}
