// A way through a task's past: one stop for each of its comments, and what happened there.

import { ChevronLeft, ChevronRight, History, X } from "lucide-react";
import { useId } from "react";
import type { Comment } from "~/api/types";
import { useFormat, useT } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import { Button, IconButton } from "~/ui/Button";
import { Spinner } from "~/ui/Spinner";
import { ChangeLine, type Names } from "./ChangeLine";
import type { Change } from "./changes";
import css from "./HistoryBar.module.css";

interface Props {
  comments: readonly Comment[];
  /** Which of them was the last. */
  at: number;
  onGo: (at: number) => void;
  onLeave: () => void;
  changes: readonly Change[];
  names: Names;
  busy: boolean;
}

export function HistoryBar({ comments, at, onGo, onLeave, changes, names, busy }: Props) {
  const t = useT();
  const format = useFormat();
  const id = useId();
  const comment = comments[at];
  if (!comment) return null;
  const last = comments.length - 1;
  return (
    <section className={css.bar} aria-label={t.task.history}>
      <div className={css.banner} role="status">
        <History size={16} aria-hidden="true" />
        <p>
          <b>{at === last ? t.task.asNow : t.task.past}</b> <time>{format.full(comment.create_date)}</time>
        </p>
        {busy && <Spinner />}
        <Button size="s" icon={<X size={14} />} onClick={onLeave}>
          {t.task.toNow}
        </Button>
      </div>
      <div className={css.slide}>
        <IconButton label={t.task.earlier} disabled={at === 0} onClick={() => onGo(at - 1)}>
          <ChevronLeft size={18} />
        </IconButton>
        <label htmlFor={id} className="hidden">
          {t.task.history}
        </label>
        <input
          id={id}
          type="range"
          min={0}
          max={last}
          value={at}
          onChange={({ target }) => onGo(Number(target.value))}
          aria-valuetext={`${format.full(comment.create_date)}, ${format.person(comment.author)}`}
          className={css.range}
        />
        <IconButton label={t.task.later} disabled={at === last} onClick={() => onGo(at + 1)}>
          <ChevronRight size={18} />
        </IconButton>
        <span className={css.count}>
          {at + 1} / {comments.length}
        </span>
      </div>
      <div className={css.what}>
        <Avatar person={comment.author} size={20} />
        <div className={css.lines}>
          <b>{format.person(comment.author)}</b>
          {at === 0 && <span>{t.task.madeIt}</span>}
          {changes.slice(0, 6).map((change, index) => (
            <ChangeLine key={index} change={change} names={names} />
          ))}
          {comment.text && <q className={css.said}>{comment.text.slice(0, 140)}</q>}
        </div>
      </div>
    </section>
  );
}
