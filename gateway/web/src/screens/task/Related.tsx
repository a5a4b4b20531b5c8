// The tasks around one: its subtasks, with how many are done, and those whose fields link to it.

import { CircleCheck, CircleDashed } from "lucide-react";
import { useId } from "react";
import { Link } from "wouter";
import { useT } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import css from "./Related.module.css";
import type { Near, RelatedTasks } from "./useRelated";

export function Related({ task, related, mayAdd }: { task: number; related: RelatedTasks; mayAdd: boolean }) {
  const t = useT();
  const { subtasks, linked_from } = related;
  const done = subtasks.filter(({ is_closed }) => is_closed).length;
  return (
    <>
      {subtasks.length > 0 && (
        <Tasks title={t.task.subtasks} note={t.task.subtasksDone(done, subtasks.length)} tasks={subtasks}>
          {mayAdd && (
            <Link href={`/new?parent=${task}`} className={css.add}>
              {t.task.subtask}
            </Link>
          )}
        </Tasks>
      )}
      {linked_from.length > 0 && <Tasks title={t.task.linkedFrom} tasks={linked_from} />}
    </>
  );
}

function Tasks(props: { title: string; note?: string; tasks: readonly Near[]; children?: React.ReactNode }) {
  const t = useT();
  const id = useId();
  return (
    <section className={css.part} aria-labelledby={id}>
      <h2 id={id} className={css.title}>
        {props.title}
        {props.note && <span className={css.note}>{props.note}</span>}
      </h2>
      <ul className={css.tasks}>
        {props.tasks.map((near) => (
          <li key={near.id}>
            <Link href={`/tasks/${near.id}`} className={`${css.task} ${near.is_closed ? css.closed : ""}`}>
              {near.is_closed ? (
                <CircleCheck size={16} role="img" aria-label={t.task.isClosed} />
              ) : (
                <CircleDashed size={16} role="img" aria-label={t.task.isOpen} />
              )}
              <span className={css.text}>{near.subject || near.text || `№ ${near.id}`}</span>
              {near.responsible && <Avatar person={near.responsible} size={20} />}
            </Link>
          </li>
        ))}
      </ul>
      {props.children}
    </section>
  );
}
