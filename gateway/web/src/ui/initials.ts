// How somebody looks who has no picture.

import type { Person } from "~/api/types";

const COLOURS = 8;

export const colourOf = ({ id }: Pick<Person, "id">): string => `c${Math.abs(id) % COLOURS}`;

/** The first letters of the first and the last word of a name. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toLocaleUpperCase();
}
