// Who may be meant by what follows an @.

import { createPortal } from "react-dom";
import type { Person } from "~/api/types";
import { useFormat, useT } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import css from "./MentionList.module.css";

export interface MentionAsk {
  people: Person[];
  rect?: (() => DOMRect | null) | null;
  chosen: number;
  choose: (person: Person) => void;
}

/** The list and its lines, by which the editor says where the choice stands: it keeps the focus. */
export const MENTIONS = "mentions";
export const mentionId = (person: Person) => `${MENTIONS}-${person.id}`;

export function MentionList({ ask }: { ask: MentionAsk }) {
  const t = useT();
  const format = useFormat();
  const rect = ask.rect?.();
  if (!rect) return null;
  const left = Math.max(8, Math.min(rect.left, innerWidth - 288));
  // One writes at the bottom of the screen: it opens upwards.
  const bottom = innerHeight - rect.top + 6;
  return createPortal(
    <div
      id={MENTIONS}
      className={css.list}
      style={{ left, bottom }}
      role="listbox"
      aria-label={t.task.mention}
    >
      {ask.people.map((person, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: keys are taken by the editor, which keeps the focus
        <div
          key={person.id}
          id={mentionId(person)}
          role="option"
          tabIndex={-1}
          aria-selected={index === ask.chosen}
          className={css.person}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => ask.choose(person)}
        >
          <Avatar person={person} size={24} />
          <span className={css.name}>{format.person(person)}</span>
          {person.position && <small className={css.position}>{person.position}</small>}
        </div>
      ))}
      {ask.people.length === 0 && <p className={css.none}>{t.common.nobodyFound}</p>}
    </div>,
    document.body,
  );
}
