import css from "./Marked.module.css";
import { partsOf } from "./marks";

/** A text with what was looked for marked in it. */
export function Marked({ text, marks }: { text: string; marks?: readonly (readonly number[])[] }) {
  return partsOf(text, marks).map((part, index) =>
    part.marked ? (
      <mark key={index} className={css.mark}>
        {part.text}
      </mark>
    ) : (
      <span key={index}>{part.text}</span>
    ),
  );
}
