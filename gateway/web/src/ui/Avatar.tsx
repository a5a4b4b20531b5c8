// A person or role at a glance: initials on a colour that is always the same for the same one.

import { Bot, Users } from "lucide-react";
import type { Person } from "~/api/types";
import { useFormat } from "~/i18n";
import css from "./Avatar.module.css";

const COLOURS = 8;

export function Avatar({ person, size = 24 }: { person: Person; size?: 20 | 24 | 32 | 48 | 72 }) {
  const format = useFormat();
  const name = format.person(person);
  const words = name.split(/\s+/).filter(Boolean);
  const initials = [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("");
  const classes = `${css.avatar} ${css[`c${Math.abs(person.id) % COLOURS}`]} ${css[`s${size}`]}`;
  return (
    <span className={classes} aria-hidden="true" title={name}>
      {person.type === "role" ? <Users /> : person.type === "bot" ? <Bot /> : initials.toLocaleUpperCase()}
    </span>
  );
}
