import { expect, test } from "vitest";
import { directoryOf } from "./directory";

const person = (id: number, first_name: string, last_name: string, more = {}) => ({
  id,
  first_name,
  last_name,
  type: "user",
  ...more,
});
const directory = directoryOf(
  [
    person(1, "Anna", "Bauer", { email: "anna@example.com", department_name: "Finance" }),
    person(2, "Boris", "Annenkov"),
    person(3, "Анна", "Иванова"),
  ],
  [{ id: 9, first_name: "Accountants", type: "role" }],
);
const ids = (text: string, options = {}) => directory.search(text, options).map(({ id }) => id);

test("people are found by the beginnings of their words, whose name begins so first", () => {
  expect(ids("ann")).toEqual([1, 2]);
  expect(ids("bau an")).toEqual([1]);
  expect(ids("иван")).toEqual([3]);
});

test("they are found by department and address, and roles only where they are wanted", () => {
  expect(ids("fin")).toEqual([1]);
  expect(ids("acc")).toEqual([9]);
  expect(ids("acc", { roles: false })).toEqual([]);
  expect(ids("", { people: false })).toEqual([9]);
});

test("signs in what is typed find nobody and break nothing", () => {
  expect(ids("a(b[c*")).toEqual([]);
  expect(directory.get(404)).toBeUndefined();
});
