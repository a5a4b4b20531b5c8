// The departments as a tree with their people, and what of it is shown. Pure; departments that lie in a circle, or under one that is gone,
// stand at the top.

import type { Schemas } from "~/api/client";
import type { Person } from "~/api/types";

export type Department = Schemas["ShownDepartment"];

export interface Node {
  department: Department;
  manager?: Person;
  /** Without the manager, by name. */
  people: Person[];
  children: Node[];
  /** Everybody here and below. */
  count: number;
}

export const nameOf = (person: Pick<Person, "first_name" | "last_name" | "email">): string =>
  [person.first_name, person.last_name].filter(Boolean).join(" ") || person.email || "";

export function chartOf(departments: readonly Department[], people: readonly Person[]): Node[] {
  const byId = new Map(departments.map((department) => [department.id, department]));
  const byPerson = new Map(people.map((person) => [person.id, person]));
  const staff = new Map<number, Person[]>();
  for (const person of people) {
    if (!person.department_id) continue;
    staff.set(person.department_id, [...(staff.get(person.department_id) ?? []), person]);
  }
  /** Whether going up leads to the top. */
  const rooted = (department: Department): boolean => {
    const seen = new Set<number>();
    for (let at: Department | undefined = department; at; at = byId.get(at.parent_id ?? 0)) {
      if (seen.has(at.id)) return false;
      seen.add(at.id);
    }
    return true;
  };
  const below = new Map<number, Department[]>();
  for (const department of departments) {
    const parent =
      department.parent_id && byId.has(department.parent_id) && rooted(department) ? department.parent_id : 0;
    below.set(parent, [...(below.get(parent) ?? []), department]);
  }
  const nodes = (parent: number): Node[] =>
    (below.get(parent) ?? [])
      .sort((left, right) => left.department_name.localeCompare(right.department_name))
      .map((department) => {
        const all = staff.get(department.id) ?? [];
        const manager = department.manager_id ? byPerson.get(department.manager_id) : undefined;
        const children = nodes(department.id);
        return {
          department,
          manager,
          people: all
            .filter(({ id }) => id !== manager?.id)
            .sort((left, right) => nameOf(left).localeCompare(nameOf(right))),
          children,
          count: all.length + children.reduce((sum, child) => sum + child.count, 0),
        };
      });
  return nodes(0);
}

/** The part of the chart that has the words: departments by name, with everybody in them, and people by name or position. */
export function foundIn(chart: readonly Node[], text: string): Node[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...chart];
  const has = (...texts: (string | null | undefined)[]) => {
    const own = texts
      .filter(Boolean)
      .join(" ")
      .toLocaleLowerCase()
      .split(/[\s-]+/);
    return words.every((word) => own.some((part) => part.startsWith(word)));
  };
  return chart.flatMap((node) => {
    if (has(node.department.department_name)) return [node];
    const children = foundIn(node.children, text);
    const people = node.people.filter((person) => has(nameOf(person), person.position));
    const manager = node.manager && has(nameOf(node.manager), node.manager.position);
    return children.length > 0 || people.length > 0 || manager ? [{ ...node, people, children }] : [];
  });
}

/** From the top down to the department of that id. */
export function wayTo(chart: readonly Node[], id: number | null | undefined): Node[] {
  for (const node of chart) {
    if (node.department.id === id) return [node];
    const way = wayTo(node.children, id);
    if (way.length > 0) return [node, ...way];
  }
  return [];
}

/** Whom somebody answers to: who leads their department, or the next one above that somebody else leads. */
export function leaderOf(
  chart: readonly Node[],
  person: Pick<Person, "id" | "department_id">,
): Person | undefined {
  return wayTo(chart, person.department_id)
    .reverse()
    .find(({ manager }) => manager && manager.id !== person.id)?.manager;
}
