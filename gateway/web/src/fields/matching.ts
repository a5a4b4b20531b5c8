// Rows of a catalog that are meant by what was typed. Not how they are shown.

import type { Item } from "./values";

/**
 * Those that have every word somewhere in their cells, in any case; `*` stands for any characters. First those whose name begins
 * so, and no more than `most`.
 */
export function matching(items: readonly Item[], text: string, most: number): Item[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items.slice(0, most);
  const tests = words.map(test);
  const first: Item[] = [];
  const then: Item[] = [];
  for (const item of items) {
    const cells = item.values.map((cell) => cell.toLocaleLowerCase());
    if (!tests.every((fits) => cells.some(fits))) continue;
    if (cells[0]?.startsWith(words[0] ?? "")) first.push(item);
    else if (then.length < most) then.push(item);
    if (first.length >= most) break;
  }
  return [...first, ...then].slice(0, most);
}

function test(word: string): (cell: string) => boolean {
  if (!word.includes("*")) return (cell) => cell.includes(word);
  const parts = word.split("*").filter(Boolean);
  return (cell) => {
    let at = 0;
    for (const part of parts) {
      const found = cell.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return true;
  };
}
