// A table from a file, laid over a catalog: which of its columns go where, and how the rows would be. All pure.

import { type Catalog, type Cells, type Column, columnsOf, NOTHING, newKey } from "./sheet";

/** To where a column of the file goes: a column of the catalog by its key, a new one, or nowhere. */
export type Target = string | "new" | undefined;

export interface Mapping {
  /** The first row has names. */
  names: boolean;
  targets: Target[];
  /** Rows that the file does not have go. */
  replaces: boolean;
}

const folded = (text: string) => text.trim().toLocaleLowerCase();

/** Columns of equal names belong together; where there are no names, in order. */
export function guessed(catalog: Catalog, table: readonly string[][]): Mapping {
  const columns = columnsOf(catalog, NOTHING);
  const head = table[0] ?? [];
  const byName = new Map(columns.map(({ key, name }) => [folded(name), key]));
  const named = head.some((name) => byName.has(folded(name)));
  if (!named) return { names: false, targets: head.map((_, index) => columns[index]?.key), replaces: false };
  const taken = new Set<string>();
  const targets = head.map((name): Target => {
    const key = byName.get(folded(name));
    if (!key || taken.has(key)) return undefined;
    taken.add(key);
    return key;
  });
  return { names: true, targets, replaces: false };
}

export interface Laid {
  columns: Column[];
  rows: Cells[];
  /** Rows of the file without a first value, and those whose first value came before. */
  skipped: number;
}

/** The catalog as it would be; nothing where no column names the rows. */
export function laid(catalog: Catalog, table: readonly string[][], mapping: Mapping): Laid | undefined {
  const columns = [...columnsOf(catalog, NOTHING)];
  const first = columns[0]?.key;
  if (!first || !mapping.targets.includes(first)) return undefined;
  const names = new Set(columns.map(({ name }) => folded(name)));
  const keys = mapping.targets.map((target, index) => {
    if (target !== "new") return target;
    const base = (mapping.names && table[0]?.[index]?.trim()) || `${index + 1}`;
    let name = base;
    for (let number = 2; names.has(folded(name)); number += 1) name = `${base} ${number}`;
    names.add(folded(name));
    const column: Column = { key: newKey(), name, kind: "text" };
    columns.push(column);
    return column.key;
  });
  const known = new Map(
    (catalog.items ?? [])
      .filter(({ deleted }) => !deleted)
      .map(({ values }) => [
        values[0] ?? "",
        Object.fromEntries(values.map((value, index) => [`c${index}`, value])) as Cells,
      ]),
  );
  const given = new Map<string, Cells>();
  let skipped = 0;
  for (const row of mapping.names ? table.slice(1) : table) {
    const cells: Record<string, string> = {};
    keys.forEach((key, index) => {
      if (key) cells[key] = (row[index] ?? "").trim();
    });
    const name = cells[first] ?? "";
    if (!name || given.has(name)) {
      if (row.some((cell) => cell.trim())) skipped += 1;
      continue;
    }
    // Columns that the file does not have keep what stands there.
    given.set(name, { ...known.get(name), ...cells });
  }
  const rows = mapping.replaces ? given : new Map([...known, ...given]);
  return { columns, rows: [...rows.values()], skipped };
}
