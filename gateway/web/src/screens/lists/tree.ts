// The tree of lists: what is shown of it, what lies where, and what may be moved where. Pure.

import type { Schemas } from "~/api/client";

export type List = Schemas["ShownList"];

export interface Row {
  list: List;
  /** 0 at the top. */
  depth: number;
  open: boolean;
}

/** The lists right inside of one. */
export const below = (list: List): List[] => (list.children ?? []).filter(({ deleted }) => !deleted);

/** The lists that are shown, in their order, without what lies under a folded one. */
export function rowsOf(lists: readonly List[], folded: ReadonlySet<number>, depth = 0): Row[] {
  return lists
    .filter(({ deleted }) => !deleted)
    .flatMap((list) => {
      const open = !folded.has(list.id);
      return [{ list, depth, open }, ...(open ? rowsOf(below(list), folded, depth + 1) : [])];
    });
}

/** From the top down to the list, itself last; empty where there is none. */
export function pathTo(lists: readonly List[], id: number): List[] {
  for (const list of lists) {
    if (list.id === id) return [list];
    const path = pathTo(list.children ?? [], id);
    if (path.length > 0) return [list, ...path];
  }
  return [];
}

export const every = (lists: readonly List[]): List[] =>
  lists.filter(({ deleted }) => !deleted).flatMap((list) => [list, ...every(list.children ?? [])]);

/** Who asks: themselves and their roles, and whether they manage the organisation's lists. */
export interface Asker {
  ids: ReadonlySet<number>;
  managesAll: boolean;
}

/** Whoever manages a list, or one above it, may change it. */
export function manages(lists: readonly List[], id: number, asker: Asker): boolean {
  return pathTo(lists, id).some(
    (list) =>
      (list.list_type === "org_wide" && asker.managesAll) ||
      (list.manager_ids ?? []).some((manager) => asker.ids.has(manager)),
  );
}

/** Whether a list may be put under another (0 is the top): not under itself or what lies below it, and only where one manages both. */
export function mayMove(lists: readonly List[], id: number, under: number, asker: Asker): boolean {
  if (!manages(lists, id, asker)) return false;
  const path = pathTo(lists, id);
  if ((path.at(-2)?.id ?? 0) === under) return false;
  if (under === 0) return true;
  return manages(lists, under, asker) && !pathTo(lists, under).some((list) => list.id === id);
}

/** The tree as it will be, so that a move shows before the server has answered. */
export function moved(lists: readonly List[], id: number, under: number): List[] {
  const list = pathTo(lists, id).at(-1);
  if (!list || pathTo(lists, under).some((other) => other.id === id)) return [...lists];
  const without = (level: readonly List[]): List[] =>
    level
      .filter((other) => other.id !== id)
      .map((other) => (other.children ? { ...other, children: without(other.children) } : other));
  const placed = { ...list, parent_id: under === 0 ? undefined : under };
  const put = (level: readonly List[]): List[] =>
    level.map((other) =>
      other.id === under
        ? { ...other, children: [...(other.children ?? []), placed] }
        : other.children
          ? { ...other, children: put(other.children) }
          : other,
    );
  return under === 0 ? [...without(lists), placed] : put(without(lists));
}
