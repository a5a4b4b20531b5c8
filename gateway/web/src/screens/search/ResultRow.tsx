// Something that was found: what it is, where in it, and how it stands now.

import { Link } from "wouter";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { Avatar } from "~/ui/Avatar";
import { Badge } from "~/ui/Badge";
import { Marked } from "~/ui/Marked";
import { addressOf, type Facets, type Found } from "./found";
import { KindIcon } from "./KindIcon";
import css from "./Search.module.css";

export function ResultRow({ found, facets, onOpen }: { found: Found; facets?: Facets; onOpen: () => void }) {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const { task, snippet } = found;
  const person =
    found.kind === "person" || found.kind === "role" ? directory.get(Number(found.id)) : undefined;
  const author = found.author_id ? directory.get(found.author_id) : undefined;
  const step = facets?.steps?.find(
    (other) => other.form_id === task?.form_id && other.step === task?.current_step,
  );
  const about = [
    found.comment_id ? t.search.kind.comment : t.search.kind[found.kind],
    author && format.person(author),
    person && [person.position, person.department_name].filter(Boolean).join(" · "),
    !task?.is_closed && step?.name,
  ].filter(Boolean);
  return (
    <Link href={addressOf(found)} className={css.row} data-result onClick={onOpen}>
      <span className={`${css.icon} ${task?.is_closed ? css.closed : ""}`}>
        {person ? (
          <Avatar person={person} size={24} />
        ) : (
          <KindIcon kind={found.kind} closed={task?.is_closed} />
        )}
      </span>
      <span className={css.text}>
        <span className={css.title}>
          {found.title ? <Marked text={found.title} marks={found.title_marks} /> : `№ ${found.id}`}
        </span>
        {snippet?.text && (
          <span className={css.snippet}>
            <Marked text={snippet.text} marks={snippet.marks} />
          </span>
        )}
        <span className={css.about}>
          {about.join(" · ")}
          {task?.is_closed && <Badge>{t.task.closed}</Badge>}
        </span>
      </span>
      {found.written_at && (
        <time className={css.time} dateTime={found.written_at}>
          {format.short(found.written_at)}
        </time>
      )}
    </Link>
  );
}
