// A catalog while it is worked on: what the server has, with changes that are not applied yet. All pure.

export interface Catalog {
  catalog_id: number;
  name: string;
  version: number;
  source_type: string;
  deleted: boolean;
  supervisors?: number[];
  catalog_headers: { name: string; type: string }[];
  column_settings?: Setting[];
  items?: Item[];
}

export interface Setting {
  original_position: number;
  sort_order?: number | null;
  visible: boolean;
  group_by: boolean;
}

export interface Item {
  item_id: number;
  values: string[];
  deleted?: boolean;
}

export interface Column {
  /** `c2` is what was the third; others are new. */
  key: string;
  name: string;
  kind: "text" | "workflow";
}

/** By the keys of columns. */
export type Cells = Readonly<Record<string, string>>;

/** What is changed and not applied: cells by item, new rows, rows that go, and the columns where they differ. */
export interface Staged {
  changed: Readonly<Record<number, Cells>>;
  added: readonly { key: string; cells: Cells }[];
  removed: readonly number[];
  columns?: readonly Column[];
}

export const NOTHING: Staged = { changed: {}, added: [], removed: [] };

export interface Line {
  key: string;
  id?: number;
  cells: Cells;
  state: "same" | "changed" | "added" | "removed";
}

export const columnsOf = (catalog: Catalog, staged: Staged): readonly Column[] =>
  staged.columns ??
  catalog.catalog_headers.map(({ name, type }, index) => ({
    key: `c${index}`,
    name,
    kind: type === "workflow" ? "workflow" : "text",
  }));

const cellsOf = (item: Item): Cells =>
  Object.fromEntries(item.values.map((value, index) => [`c${index}`, value]));

/** The rows as they would be, new ones last. */
export function linesOf(catalog: Catalog, staged: Staged): Line[] {
  const removed = new Set(staged.removed);
  const known = (catalog.items ?? [])
    .filter(({ deleted }) => !deleted)
    .map((item): Line => {
      const changes = staged.changed[item.item_id];
      const cells = changes ? { ...cellsOf(item), ...changes } : cellsOf(item);
      const state = removed.has(item.item_id) ? "removed" : changes ? "changed" : "same";
      return { key: `i${item.item_id}`, id: item.item_id, cells, state };
    });
  return [...known, ...staged.added.map(({ key, cells }): Line => ({ key, cells, state: "added" }))];
}

/** A cell with another text; the change of an item that comes back to what it was is none. */
export function setCell(catalog: Catalog, staged: Staged, line: Line, column: string, text: string): Staged {
  if (line.id === undefined) {
    return {
      ...staged,
      added: staged.added.map((row) =>
        row.key === line.key ? { ...row, cells: { ...row.cells, [column]: text } } : row,
      ),
    };
  }
  const item = catalog.items?.find(({ item_id }) => item_id === line.id);
  const was = item ? cellsOf(item) : {};
  const changes: Record<string, string> = { ...staged.changed[line.id], [column]: text };
  for (const key of Object.keys(changes)) if ((was[key] ?? "") === changes[key]) delete changes[key];
  const changed = { ...staged.changed };
  if (Object.keys(changes).length > 0) changed[line.id] = changes;
  else delete changed[line.id];
  return { ...staged, changed };
}

export const newKey = (): string => `n${crypto.randomUUID().slice(0, 13)}`;

export const addLine = (staged: Staged, cells: Cells = {}): Staged => ({
  ...staged,
  added: [...staged.added, { key: newKey(), cells }],
});

/** Taken out, or brought back where it was to go. */
export function toggleLine(staged: Staged, line: Line): Staged {
  const { id } = line;
  if (id === undefined) return { ...staged, added: staged.added.filter(({ key }) => key !== line.key) };
  const gone = staged.removed.includes(id);
  return {
    ...staged,
    removed: gone ? staged.removed.filter((one) => one !== id) : [...staged.removed, id],
  };
}

export interface Counts {
  added: number;
  changed: number;
  removed: number;
  columns: boolean;
}

export function countsOf(staged: Staged): Counts {
  const removed = new Set(staged.removed);
  return {
    added: staged.added.length,
    changed: Object.keys(staged.changed).filter((id) => !removed.has(Number(id))).length,
    removed: removed.size,
    columns: staged.columns !== undefined,
  };
}

export const isNothing = (staged: Staged): boolean =>
  staged.columns === undefined &&
  staged.added.length === 0 &&
  staged.removed.length === 0 &&
  Object.keys(staged.changed).length === 0;

/** Rows that cannot be applied, by key: without a first value, or with another row's. */
export function badLines(lines: readonly Line[], first: string): Map<string, "empty" | "twice"> {
  const bad = new Map<string, "empty" | "twice">();
  const seen = new Map<string, string>();
  for (const line of lines) {
    if (line.state === "removed") continue;
    const name = line.cells[first] ?? "";
    if (!name.trim()) bad.set(line.key, "empty");
    const other = seen.get(name);
    if (other !== undefined && name) {
      bad.set(line.key, "twice");
      bad.set(other, "twice");
    }
    seen.set(name, line.key);
  }
  return bad;
}

export interface SyncBody {
  apply: boolean;
  catalog_headers: string[];
  items: { values: string[] }[];
  add_workflow_headers?: string[];
  delete_workflow_headers?: string[];
  force_update_first_column?: boolean;
}

/** All of it as it shall be: columns of text in their order, then those of people, new ones last. */
export function syncOf(
  catalog: Catalog,
  columns: readonly Column[],
  rows: readonly Cells[],
  apply: boolean,
): SyncBody {
  const before = new Map(
    catalog.catalog_headers.map(({ name, type }, index) => [`c${index}`, { name, type }]),
  );
  // A column of people that has another name is one that goes and one that comes.
  const isOld = (column: Column) => column.kind === "text" || before.get(column.key)?.name === column.name;
  const text = columns.filter(({ kind }) => kind === "text");
  const old = columns.filter((column) => column.kind === "workflow" && isOld(column));
  const added = columns.filter((column) => column.kind === "workflow" && !isOld(column));
  const all = [...text, ...old, ...added];
  const kept = new Set(old.map(({ name }) => name));
  const gone = catalog.catalog_headers.filter(({ name, type }) => type === "workflow" && !kept.has(name));
  return {
    apply,
    catalog_headers: [...text, ...old].map(({ name }) => name),
    items: rows.map((cells) => ({ values: all.map(({ key }) => cells[key] ?? "") })),
    ...(added.length > 0 && { add_workflow_headers: added.map(({ name }) => name) }),
    ...(gone.length > 0 && { delete_workflow_headers: gone.map(({ name }) => name) }),
    ...(text[0] && text[0].name !== catalog.catalog_headers[0]?.name && { force_update_first_column: true }),
  };
}

export interface DiffBody {
  upsert: { values: string[] }[];
  delete: string[];
}

/** Only what changed, so that what others did meanwhile stays. For changes of rows alone. */
export function diffOf(catalog: Catalog, staged: Staged): DiffBody {
  const columns = columnsOf(catalog, staged);
  const first = columns[0]?.key ?? "c0";
  const lines = linesOf(catalog, staged);
  const values = (line: Line) => columns.map(({ key }) => line.cells[key] ?? "");
  const upsert = lines.filter(({ state }) => state === "changed" || state === "added");
  const names = new Set(upsert.map((line) => line.cells[first]));
  const before = new Map((catalog.items ?? []).map((item) => [item.item_id, item.values[0] ?? ""]));
  const gone = lines.flatMap((line) => {
    const name = line.id === undefined ? undefined : before.get(line.id);
    const renamed = line.state === "changed" && line.cells[first] !== name;
    return name !== undefined && (line.state === "removed" || renamed) && !names.has(name) ? [name] : [];
  });
  return { upsert: upsert.map((line) => ({ values: values(line) })), delete: gone };
}
