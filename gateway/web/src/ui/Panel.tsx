// A part of a page of settings: what it is about, and what can be done.

import type { ReactNode } from "react";
import css from "./Panel.module.css";

interface Props {
  title: ReactNode;
  hint?: ReactNode;
  /** Beside the title. */
  action?: ReactNode;
  children?: ReactNode;
}

export function Panel({ title, hint, action, children }: Props) {
  return (
    <section className={css.panel}>
      <header className={css.head}>
        <div className={css.names}>
          <h3>{title}</h3>
          {hint && <p className={css.hint}>{hint}</p>}
        </div>
        {action && <div className={css.action}>{action}</div>}
      </header>
      {children}
    </section>
  );
}

/** Things one below another, each with what can be done with it. */
export function Rows({ children, label }: { children: ReactNode; label?: string }) {
  return (
    <ul className={css.rows} aria-label={label}>
      {children}
    </ul>
  );
}

export function Row({
  icon,
  title,
  note,
  action,
}: {
  icon?: ReactNode;
  title: ReactNode;
  note?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <li className={css.row}>
      {icon && <span className={css.icon}>{icon}</span>}
      <span className={css.what}>
        <span className={css.title}>{title}</span>
        {note && <span className={css.note}>{note}</span>}
      </span>
      {action && <span className={css.do}>{action}</span>}
    </li>
  );
}
