// Things of one kind, one a row, each leading to itself: what it is called, a line about it, and what is special.

import type { ReactNode } from "react";
import { Link } from "wouter";
import css from "./Entries.module.css";

export function Entries({ children }: { children: ReactNode }) {
  return <ul className={css.entries}>{children}</ul>;
}

interface Props {
  href: string;
  icon: ReactNode;
  name: string;
  note: string;
  /** Badges. */
  children?: ReactNode;
}

export function Entry({ href, icon, name, note, children }: Props) {
  return (
    <li>
      <Link href={href} className={css.entry}>
        <span className={css.icon} aria-hidden="true">
          {icon}
        </span>
        <span className={css.what}>
          <span className={css.name}>
            {name}
            <small>{note}</small>
          </span>
          {children}
        </span>
      </Link>
    </li>
  );
}
