// A person's rights as switches, and back to the bits that the API has. Pure.

import { RIGHTS, type Right } from "~/store/rights";

/** In the order in which they are shown, by what they are about. */
export const GROUPS = {
  everyday: ["deleteOwnTasks", "createAnnouncements", "invite"],
  people: ["managePersons", "manageRoles"],
  work: ["seeAllTasks", "deleteOthersTasks", "editLists", "closeDeleteAnnouncements"],
  organisation: ["manageIntegrations", "editSettings", "bills"],
} as const satisfies Record<string, readonly Right[]>;

export type Group = keyof typeof GROUPS;

const bits = (...rights: Right[]): number => rights.reduce((sum, right) => sum | RIGHTS[right], 0);

/** What a newcomer has. */
export const NEWCOMER = bits("deleteOwnTasks", "createAnnouncements");
export const ALL = bits(...(Object.keys(RIGHTS) as Right[]));

/** Sets of rights that are given together. */
export const PRESETS = {
  newcomer: NEWCOMER,
  organisation: NEWCOMER | bits("managePersons", "manageRoles", "editSettings", "invite"),
  supervisor: NEWCOMER | bits("seeAllTasks", "editLists"),
  configuration: NEWCOMER | bits("closeDeleteAnnouncements", "deleteOthersTasks", "manageIntegrations"),
  accountant: NEWCOMER | bits("bills"),
  administrator: ALL,
} as const;

export type Preset = keyof typeof PRESETS;

/** Which of the sets the rights are, if they are one. */
export function presetOf(rights: number): Preset | undefined {
  return (Object.keys(PRESETS) as Preset[]).find((name) => PRESETS[name] === (rights & ALL));
}

export const has = (rights: number, right: Right): boolean => (rights & RIGHTS[right]) !== 0;

/** The same with one turned on or off. Bits that this app does not know stay. */
export function withRight(rights: number, right: Right, on: boolean): number {
  return on ? rights | RIGHTS[right] : rights & ~RIGHTS[right];
}

/** Which rights the bits hold. */
export function named(rights: number): Right[] {
  return (Object.keys(RIGHTS) as Right[]).filter((right) => has(rights, right));
}

/** What was given and what was taken. */
export function difference(before: number, after: number): { given: Right[]; taken: Right[] } {
  return { given: named(after & ~before), taken: named(before & ~after) };
}

/** Nobody gives or takes a right that they do not hold; those of a newcomer do not count. */
export const mayGive = (mine: number, right: Right): boolean =>
  has(mine, right) || (NEWCOMER & RIGHTS[right]) !== 0;
