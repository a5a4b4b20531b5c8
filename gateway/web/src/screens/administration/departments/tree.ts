// Departments as a tree, laid out row by row. Pure.

import type { Schemas } from "~/api/client";

export type Department = Schemas["ShownDepartment"];

export interface TreeRow {
  department: Department;
  depth: number;
  /** How many lie directly below it. */
  below: number;
}

/** Rows from the top down, each below the one it belongs to, by name. Whatever belongs to nothing known, or in a circle, is at the top. */
export function rowsOf(departments: readonly Department[]): TreeRow[] {
  const known = new Set(departments.map(({ id }) => id));
  const children = new Map<number, Department[]>();
  for (const department of departments) {
    const parent = department.parent_id && known.has(department.parent_id) ? department.parent_id : 0;
    children.set(parent, [...(children.get(parent) ?? []), department]);
  }
  for (const list of children.values())
    list.sort((left, right) => left.department_name.localeCompare(right.department_name));
  const rows: TreeRow[] = [];
  const seen = new Set<number>();
  const walk = (department: Department, depth: number) => {
    if (seen.has(department.id)) return;
    seen.add(department.id);
    const own = children.get(department.id) ?? [];
    rows.push({ department, depth, below: own.length });
    for (const child of own) walk(child, depth + 1);
  };
  for (const department of children.get(0) ?? []) walk(department, 0);
  for (const department of departments) walk(department, 0);
  return rows;
}

/** A department and all below it: into none of these it can be moved. */
export function within(departments: readonly Department[], id: number): Set<number> {
  const found = new Set([id]);
  let grew = true;
  while (grew) {
    grew = false;
    for (const department of departments) {
      if (!found.has(department.id) && department.parent_id && found.has(department.parent_id)) {
        found.add(department.id);
        grew = true;
      }
    }
  }
  return found;
}
