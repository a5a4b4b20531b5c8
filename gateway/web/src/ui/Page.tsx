// The frame of a screen: what it is, what can be done with it, and the rest, which scrolls.

import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useTitle } from "~/app/title";
import { useT } from "~/i18n";
import css from "./Page.module.css";

interface Props {
  title: ReactNode;
  /** A line below the title. */
  note?: ReactNode;
  actions?: ReactNode;
  /** Where the arrow leads. */
  back?: string;
  /** Below the head, above what scrolls. */
  bar?: ReactNode;
  /** Text is read best at this width; tables want all there is. */
  width?: "text" | "full";
  /** The content scrolls by itself. */
  fixed?: boolean;
  /** Of its heading: 2 where it is a part of a larger place, which has the first. */
  level?: 1 | 2;
  children: ReactNode;
}

export function Page({ title, note, actions, back, bar, width = "full", fixed, level = 1, children }: Props) {
  const t = useT();
  useTitle(typeof title === "string" ? title : "", level - 1);
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <div className={css.page}>
      <header className={css.head}>
        {back && (
          <Link href={back} className={css.back} aria-label={t.common.back}>
            <ArrowLeft size={18} />
          </Link>
        )}
        <div className={css.names}>
          <Heading>{title}</Heading>
          {note && <p className={`${css.note} ${typeof note === "string" ? css.words : ""}`}>{note}</p>}
        </div>
        {actions && <div className={css.actions}>{actions}</div>}
      </header>
      {bar && <div className={css.bar}>{bar}</div>}
      <div className={`${fixed ? css.fixed : css.scroll} ${width === "text" ? css.text : ""}`}>
        {children}
      </div>
    </div>
  );
}
