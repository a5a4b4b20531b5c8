import { useMemo } from "react";
import { useT } from "~/i18n";
import { differenceOf } from "./difference";
import css from "./Knowledge.module.css";

const SIGNS = { same: " ", added: "+", removed: "−" };

/** What changed from one text to the other; the sign at each line says it without colours. */
export function Difference({ before, after }: { before: string; after: string }) {
  const t = useT();
  const lines = useMemo(() => differenceOf(before, after), [before, after]);
  if (before === after) return <p className={css.none}>{t.knowledge.same}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <pre className={css.difference} tabIndex={0}>
      {lines.map(({ text, kind }, index) => (
        <span key={index} className={css[kind]}>
          {SIGNS[kind]} {text}
          {"\n"}
        </span>
      ))}
    </pre>
  );
}
