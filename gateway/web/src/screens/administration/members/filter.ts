// Which members are shown. Pure.

import type { Right } from "~/store/rights";
import type { Member } from "./member";
import { has } from "./rights";

export const STATES = ["active", "guests", "bots", "blocked", "dismissed", "away", "all"] as const;
export type State = (typeof STATES)[number];

export interface MemberFilter {
  text: string;
  state: State;
  department?: number;
  right?: Right;
}

export type Standing = "active" | "blocked" | "dismissed";

export const standingOf = (member: Member): Standing =>
  member.fired ? "dismissed" : member.banned ? "blocked" : "active";

export function filtered(members: readonly Member[], filter: MemberFilter, today: string): Member[] {
  const words = filter.text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return members.filter(
    (member) =>
      inState(member, filter.state, today) &&
      (filter.department === undefined || (member.department_id ?? 0) === filter.department) &&
      (filter.right === undefined || has(member.rights, filter.right)) &&
      words.every((word) => wordsOf(member).some((own) => own.startsWith(word))),
  );
}

function inState(member: Member, state: State, today: string): boolean {
  const active = standingOf(member) === "active";
  switch (state) {
    case "all":
      return true;
    case "active":
      return active && member.type !== "bot";
    case "guests":
      return active && member.is_guest === true;
    case "bots":
      return member.type === "bot" && active;
    case "away":
      return active && !!member.absence && member.absence.from <= today && today <= member.absence.until;
    case "blocked":
      return standingOf(member) === "blocked";
    case "dismissed":
      return standingOf(member) === "dismissed";
  }
}

const found = new WeakMap<Member, string[]>();

function wordsOf(member: Member): string[] {
  let words = found.get(member);
  if (!words) {
    const { first_name, last_name, email, position, department_name, personnel_number, external_id } = member;
    const text = [
      first_name,
      last_name,
      email,
      position,
      department_name,
      personnel_number,
      external_id,
      member.id,
    ];
    words = text
      .filter(Boolean)
      .join(" ")
      .toLocaleLowerCase()
      .split(/[\s@.,()-]+/);
    found.set(member, words);
  }
  return words;
}
