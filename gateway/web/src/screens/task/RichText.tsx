// What somebody wrote, formatted or plain, with links and names one can see. What is long is folded; what is endless is cut until asked for.

import { memo, type ReactNode, useMemo, useState } from "react";
import { useSession } from "~/app/context";
import { useT } from "~/i18n";
import { cleaned } from "./html";
import css from "./RichText.module.css";

/** From here on a text is folded, in characters and in lines. */
const LONG = 1_400;
const LINES = 18;
/** More than this of a folded text is not even drawn, in characters. */
const DRAWN = 4_000;

export const RichText = memo(function RichText({
  text,
  html,
}: {
  text?: string | null;
  html?: string | null;
}) {
  const t = useT();
  const { me } = useSession();
  const [open, setOpen] = useState(false);
  const plain = text ?? "";
  const long = plain.length > LONG || lines(plain) > LINES || (html?.length ?? 0) > 3 * LONG;
  const folded = long && !open;
  const formatted = html && !(folded && html.length > 5 * DRAWN) ? html : undefined;
  const clean = useMemo(
    () => (formatted ? marked(cleaned(formatted), me.person) : undefined),
    [formatted, me.person],
  );
  return (
    <>
      {clean !== undefined ? (
        <div
          className={`${css.text} ${css.rich} ${folded ? css.folded : ""}`}
          dangerouslySetInnerHTML={{ __html: clean }}
        />
      ) : (
        <div className={`${css.text} ${css.plain} ${folded ? css.folded : ""}`}>
          {linked(folded ? plain.slice(0, DRAWN) : plain)}
        </div>
      )}
      {long && (
        <button type="button" className={css.more} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t.task.fold : t.task.unfold}
        </button>
      )}
    </>
  );
});

function lines(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at !== -1 && count <= LINES; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** Whoever reads is called louder than others are. */
const marked = (html: string, me: number): string =>
  html.replaceAll(`<span data-personid="${me}">`, `<span data-personid="${me}" class="${css.me}">`);

const ADDRESS = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** A plain text with its addresses as links. */
function linked(text: string): ReactNode {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    if (parts.length > 400) break;
    parts.push(text.slice(end, match.index));
    parts.push(
      <a key={match.index} href={match[0]} target="_blank" rel="noopener noreferrer nofollow">
        {match[0]}
      </a>,
    );
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}
