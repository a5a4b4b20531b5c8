import type { ReactNode } from "react";
import css from "./Badge.module.css";

export type Tone = "neutral" | "good" | "bad" | "warn" | "info" | "violet";

/** A state in a word. Its colour repeats what the word says. */
export function Badge({
  tone = "neutral",
  icon,
  children,
}: {
  tone?: Tone;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <span className={`${css.badge} ${css[tone]}`}>
      {icon}
      <span className={css.words}>{children}</span>
    </span>
  );
}
