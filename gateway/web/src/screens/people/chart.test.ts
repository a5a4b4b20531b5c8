import { expect, test } from "vitest";
import { chartOf, type Department, foundIn, leaderOf, type Node, wayTo } from "./chart";

const department = (id: number, name: string, parent_id?: number, manager_id?: number): Department => ({
  id,
  department_name: name,
  parent_id,
  manager_id,
});
const person = (id: number, first_name: string, department_id?: number) => ({
  id,
  first_name,
  type: "user",
  department_id,
});
const people = [
  person(1, "Hannah", 1),
  person(2, "Martin", 2),
  person(3, "Irene", 2),
  person(4, "Anna", 2),
  person(5, "Nobody"),
];
const departments = [
  department(2, "Finance", 1, 2),
  department(1, "Management", undefined, 1),
  department(3, "IT", 1),
];
const shape = (nodes: readonly Node[]): string =>
  nodes
    .map(
      ({ department: { department_name: name }, people, children, count }) =>
        `${name}:${count}[${people.map((one) => one.first_name)}](${shape(children)})`,
    )
    .join(" ");

test("departments stand under each other, their people by name, and count everybody below", () => {
  expect(shape(chartOf(departments, people))).toBe("Management:4[](Finance:3[Anna,Irene]() IT:0[]())");
});

test("a circle of departments and one whose parent is gone stand at the top", () => {
  const chart = chartOf([department(1, "A", 2), department(2, "B", 1), department(3, "C", 404)], []);
  expect(shape(chart)).toBe("A:0[]() B:0[]() C:0[]()");
});

test("who is looked for is found with the departments above them", () => {
  const chart = chartOf(departments, people);
  expect(shape(foundIn(chart, "ire"))).toBe("Management:4[](Finance:3[Irene]())");
  expect(shape(foundIn(chart, "fin"))).toBe("Management:4[](Finance:3[Anna,Irene]())");
  expect(foundIn(chart, "zzz")).toEqual([]);
});

test("somebody answers to the leader of their department, and a leader to the one above", () => {
  const chart = chartOf(departments, people);
  expect(leaderOf(chart, person(3, "Irene", 2))?.id).toBe(2);
  expect(leaderOf(chart, person(2, "Martin", 2))?.id).toBe(1);
  expect(leaderOf(chart, person(1, "Hannah", 1))).toBeUndefined();
  expect(wayTo(chart, 2).map((node) => node.department.id)).toEqual([1, 2]);
});
