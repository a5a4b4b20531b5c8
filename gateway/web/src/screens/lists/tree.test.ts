import { expect, test } from "vitest";
import { type Asker, type List, manages, mayMove, moved, pathTo, rowsOf } from "./tree";

const list = (id: number, children: List[] = [], more: Partial<List> = {}): List => ({
  id,
  name: `List ${id}`,
  deleted: false,
  list_type: "private",
  has_form: false,
  version: 1,
  is_private: true,
  children,
  ...more,
});
const tree = [
  list(1, [list(2, [list(3)]), list(4)], { manager_ids: [7] }),
  list(5, [], { manager_ids: [8] }),
  list(6, [list(9)], { list_type: "org_wide" }),
];
const asker = (...ids: number[]): Asker => ({ ids: new Set(ids), managesAll: false });
const shape = (lists: readonly List[]): string =>
  lists.map(({ id, children }) => `${id}${children?.length ? `(${shape(children)})` : ""}`).join(" ");

test("what lies under a folded list is not shown, and what is deleted never", () => {
  const ids = (folded: number[], lists = tree) => rowsOf(lists, new Set(folded)).map((row) => row.list.id);
  expect(ids([])).toEqual([1, 2, 3, 4, 5, 6, 9]);
  expect(ids([2, 6])).toEqual([1, 2, 4, 5, 6]);
  expect(ids([], [list(1, [list(2, [], { deleted: true })])])).toEqual([1]);
});

test("whoever manages a list manages what lies below it, also by a role", () => {
  expect(manages(tree, 3, asker(7))).toBe(true);
  expect(manages(tree, 5, asker(7))).toBe(false);
  expect(manages(tree, 9, { ids: new Set(), managesAll: true })).toBe(true);
  expect(manages(tree, 1, { ids: new Set(), managesAll: true })).toBe(false);
});

test("a list is put only where its mover manages, and never under itself", () => {
  expect(mayMove(tree, 2, 4, asker(7))).toBe(true);
  expect(mayMove(tree, 2, 5, asker(7))).toBe(false);
  expect(mayMove(tree, 2, 5, asker(7, 8))).toBe(true);
  expect(mayMove(tree, 1, 3, asker(7))).toBe(false);
  expect(mayMove(tree, 2, 1, asker(7))).toBe(false);
  expect(mayMove(tree, 1, 0, asker(7))).toBe(false);
  expect(mayMove(tree, 3, 0, asker(7))).toBe(true);
});

test("a moved list takes along what lies below it", () => {
  expect(shape(moved(tree, 2, 5))).toBe("1(4) 5(2(3)) 6(9)");
  expect(shape(moved(tree, 2, 0))).toBe("1(4) 5 6(9) 2(3)");
  expect(shape(moved(tree, 1, 3))).toBe(shape(tree));
  expect(pathTo(moved(tree, 2, 5), 3).map(({ id }) => id)).toEqual([5, 2, 3]);
});
