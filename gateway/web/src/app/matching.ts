// Actions as the palette and the page of keys show them: found by their words, put under their groups, with their keys in words. Pure.

import type { Action } from "./actions";

/** Each action once, the one that was offered last, newest first. */
export const unique = (actions: readonly Action[]): Action[] =>
  [...new Map(actions.map((action) => [action.id, action])).values()].reverse();

const wordsOf = (text: string) =>
  text
    .toLocaleLowerCase()
    .split(/[\s,.:;/«»“”"()]+/)
    .filter(Boolean);

/** Those whose words begin with what was typed, all of it, in any order; whose own label begins so first. */
export function matching(actions: readonly Action[], text: string): Action[] {
  const wanted = wordsOf(text);
  if (wanted.length === 0) return unique(actions);
  return unique(actions)
    .filter((action) => {
      const own = wordsOf(`${action.label} ${action.words ?? ""} ${action.group ?? ""}`);
      return wanted.every((word) => own.some((part) => part.startsWith(word)));
    })
    .sort((left, right) => Number(!begins(left, text)) - Number(!begins(right, text)));
}

const begins = (action: Action, text: string) =>
  action.label.toLocaleLowerCase().startsWith(text.trim().toLocaleLowerCase());

/** By group: what belongs to where one stands first, and in each group as it was offered. Takes what `matching` gives. */
export function grouped(actions: readonly Action[], rest: string): [string, Action[]][] {
  const groups = new Map<string, Action[]>();
  for (const action of actions) {
    const name = action.group ?? rest;
    groups.set(name, [action, ...(groups.get(name) ?? [])]);
  }
  return [...groups];
}

/** `g i` as the keys that are pressed one after the other, each of the keys that are held together. */
export function keysOf(keys: string, mac: boolean): string[][] {
  return keys.split(" ").map((press) =>
    press
      .split("+")
      .filter((key) => key !== "Shift" || !press.endsWith("?"))
      .map((key) => NAMES[key]?.[mac ? 1 : 0] ?? (key.length === 1 ? key.toUpperCase() : key)),
  );
}

const NAMES: Record<string, [string, string]> = {
  $mod: ["Ctrl", "⌘"],
  Alt: ["Alt", "⌥"],
  Shift: ["Shift", "⇧"],
  Control: ["Ctrl", "⌃"],
  Enter: ["Enter", "↵"],
  Escape: ["Esc", "Esc"],
  ArrowUp: ["↑", "↑"],
  ArrowDown: ["↓", "↓"],
  ArrowLeft: ["←", "←"],
  ArrowRight: ["→", "→"],
};
