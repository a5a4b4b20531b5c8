// A copied field, for this form or another, in this tab or another.

import type { Field } from "../model/doc";

const KEY = "nashi:field";
let held: Field | undefined;

export const clipboard = {
  write(field: Field): void {
    held = field;
    try {
      localStorage.setItem(KEY, JSON.stringify(field));
    } catch {
      // Then it can be pasted in this tab alone.
    }
  },
  read(): Field | undefined {
    try {
      const text = localStorage.getItem(KEY);
      const field = text ? (JSON.parse(text) as Field) : undefined;
      return field && typeof field.type === "string" && typeof field.name === "string" ? field : held;
    } catch {
      return held;
    }
  },
};
