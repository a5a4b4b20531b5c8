// A person or role at a glance: their picture, over initials on a colour that is always the same for the same one.

import { Bot, Users } from "lucide-react";
import type { SyntheticEvent } from "react";
import type { Person } from "~/api/types";
import { useFormat } from "~/i18n";
import { usePortrait } from "~/store/portraits";
import css from "./Avatar.module.css";
import { colourOf, initialsOf } from "./initials";

export function Avatar({ person, size = 24 }: { person: Person; size?: 20 | 24 | 32 | 48 | 72 }) {
  const format = useFormat();
  const name = format.person(person);
  const portrait = usePortrait(person);
  const classes = `${css.avatar} ${css[colourOf(person)]} ${css[`s${size}`]}`;
  return (
    <span className={classes} aria-hidden="true" title={name}>
      {person.type === "role" ? <Users /> : person.type === "bot" ? <Bot /> : initialsOf(name)}
      {portrait && (
        <img key={portrait} src={portrait} alt="" loading="lazy" decoding="async" onError={hide} />
      )}
    </span>
  );
}

/** Without a network, or once it was taken away: the initials are below it. */
const hide = ({ currentTarget }: SyntheticEvent<HTMLImageElement>) => {
  currentTarget.hidden = true;
};
