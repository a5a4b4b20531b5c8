import { expect, test } from "vitest";
import { type Department, rowsOf, within } from "./tree";

const department = (id: number, department_name: string, parent_id?: number): Department => ({
  id,
  department_name,
  parent_id,
});

const company = [
  department(1, "Management"),
  department(2, "Sales", 3),
  department(3, "Commerce", 1),
  department(4, "Marketing", 3),
];

test("departments stand below those that they belong to, by name", () => {
  expect(rowsOf(company).map((row) => [row.department.department_name, row.depth, row.below])).toEqual([
    ["Management", 0, 1],
    ["Commerce", 1, 2],
    ["Marketing", 2, 0],
    ["Sales", 2, 0],
  ]);
});

test("nothing is lost that belongs to nothing known, or in a circle", () => {
  const odd = [department(1, "Left over", 99), department(2, "Hen", 3), department(3, "Egg", 2)];
  expect(
    rowsOf(odd)
      .map((row) => row.department.id)
      .sort(),
  ).toEqual([1, 2, 3]);
});

test("a department is not moved into what lies below it", () => {
  expect([...within(company, 3)].sort()).toEqual([2, 3, 4]);
});
