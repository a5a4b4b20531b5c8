// A task in a list: what it is, whose it is, and when it moved last.

import { memo } from "react";
import { Link } from "wouter";
import type { TaskHeader } from "~/api/types";
import { useFormat, useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import { Avatar } from "./Avatar";
import css from "./TaskRow.module.css";

export const TaskRow = memo(function TaskRow({
  task,
  href,
  here,
  unread,
}: {
  task: TaskHeader;
  href: string;
  here?: boolean;
  unread?: boolean;
}) {
  const t = useT();
  const format = useFormat();
  const late = task.due_date && !task.close_date && task.due_date < dayOf(new Date());
  return (
    <Link
      href={href}
      className={`${css.row} ${unread ? css.unread : ""}`}
      aria-current={here ? "true" : undefined}
    >
      <Avatar person={task.author} size={32} />
      <span className={css.text}>
        <span className={css.title}>{task.text || `№ ${task.id}`}</span>
        <span className={css.sub}>
          {format.person(task.author)}
          {task.due_date && (
            <span className={late ? css.late : undefined}>
              {" "}
              · {late ? t.inbox.overdue : t.inbox.due(format.dayName(task.due_date))}
            </span>
          )}
        </span>
      </span>
      <time className={css.time} dateTime={task.last_modified_date}>
        {format.short(task.last_modified_date)}
      </time>
    </Link>
  );
});
