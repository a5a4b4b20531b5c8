// The rows of the inbox: a screen of them at once, and more as their end comes near. They stand in the page as they are, so that the
// browser need not be asked for their heights before it has drawn them.

import { ChevronDown, TriangleAlert, Undo2 } from "lucide-react";
import { memo, type RefObject, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import type { TaskHeader } from "~/api/types";
import { useFormat, useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import { Avatar } from "~/ui/Avatar";
import { IconButton } from "~/ui/Button";
import css from "./InboxList.module.css";
import { type Row, shortOf } from "./rows";

/** About how high they are, in pixels: for those that are not drawn yet. */
const TASK = 62;
const GROUP = 38;
const heightOf = (row: Row) => (row.kind === "group" ? GROUP : TASK);
/** Rows that are drawn together, and how near the end of what is drawn may come. */
const MORE = 50;
const NEAR = "1000px 0px";

interface Props {
  rows: readonly Row[];
  chosen: number | undefined;
  marked: ReadonlySet<number>;
  marking: boolean;
  refused: ReadonlySet<number>;
  /** Why a task is here, or when it comes back. */
  notes: ReadonlyMap<number, string>;
  /** There is more than was asked for. */
  more: boolean;
  onMark: (id: number) => void;
  onFold: (group: number) => void;
  /** Takes a snoozed one back. */
  onBack?: (id: number) => void;
}

export function InboxList(props: Props) {
  const { rows, chosen, more } = props;
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const all = useRef<HTMLUListElement>(null);
  const at = rows.findIndex((row) => row.kind === "task" && row.task.id === chosen);
  const { drawn, end } = useDrawn(rows.length, at, scroller);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another one is looked at
  useEffect(() => {
    if (at !== -1) all.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const below = rows.slice(drawn).reduce((sum, row) => sum + heightOf(row), 0);
  return (
    <div className={css.scroll} ref={scroller}>
      <ul className={css.all} ref={all}>
        {rows.slice(0, drawn).map((row) => (
          <li key={row.key}>
            {row.kind === "group" ? (
              <h2 className={css.group}>
                <button type="button" aria-expanded={!row.folded} onClick={() => props.onFold(row.group.id)}>
                  <ChevronDown size={14} className={row.folded ? css.closed : undefined} aria-hidden="true" />
                  <span className={css.name}>{row.group.name}</span>
                  <span
                    className={css.count}
                    title={row.group.unread > 0 ? t.inbox.unread(row.group.unread) : undefined}
                  >
                    {row.group.unread > 0 && <b>{row.group.unread} / </b>}
                    {row.group.count}
                  </span>
                </button>
              </h2>
            ) : (
              <TaskLine
                task={row.task}
                group={row.group}
                here={row.task.id === chosen}
                unread={row.unread}
                marked={props.marked.has(row.task.id)}
                marking={props.marking}
                refused={props.refused.has(row.task.id)}
                note={props.notes.get(row.task.id)}
                onMark={props.onMark}
                onBack={props.onBack}
              />
            )}
          </li>
        ))}
      </ul>
      {below > 0 && <div ref={end} style={{ height: below }} />}
      {more && <p className={css.more}>{t.inbox.moreLater}</p>}
    </div>
  );
}

/** How many rows are drawn: those of the first screen, up to the one that is looked at, and more whenever `end` comes near. */
function useDrawn(count: number, at: number, scroller: RefObject<HTMLElement | null>) {
  const [asked, setAsked] = useState(() => Math.ceil(innerHeight / TASK) + 1);
  const end = useRef<HTMLDivElement>(null);
  const drawn = Math.min(count, Math.max(asked, at + 1));
  useEffect(() => {
    if (drawn === count || !end.current) return;
    const near = new IntersectionObserver((seen) => seen.at(-1)?.isIntersecting && setAsked(drawn + MORE), {
      root: scroller.current,
      rootMargin: NEAR,
    });
    near.observe(end.current);
    return () => near.disconnect();
  }, [drawn, count, scroller]);
  return { drawn, end };
}

const TaskLine = memo(function TaskLine({
  task,
  group,
  here,
  unread,
  marked,
  marking,
  refused,
  note,
  onMark,
  onBack,
}: {
  task: TaskHeader;
  group: string;
  here: boolean;
  unread: boolean;
  marked: boolean;
  marking: boolean;
  refused: boolean;
  note: string | undefined;
  onMark: (id: number) => void;
  onBack?: (id: number) => void;
}) {
  const t = useT();
  const format = useFormat();
  const late = task.due_date && !task.close_date && task.due_date < dayOf(new Date());
  const title = task.text || `№ ${task.id}`;
  return (
    <div
      className={`${css.line} ${unread ? css.unread : ""} ${marked ? css.marked : ""} ${marking ? css.marking : ""}`}
    >
      <label className={css.mark}>
        <input
          type="checkbox"
          checked={marked}
          aria-label={t.inbox.markOne(title)}
          onChange={() => onMark(task.id)}
        />
        <Avatar person={task.author} size={32} />
      </label>
      <Link href={`/inbox/${task.id}`} className={css.task} aria-current={here ? "true" : undefined}>
        <span className={css.text}>
          <span className={css.title}>
            {unread && <span className="hidden">{t.inbox.isUnread}: </span>}
            {shortOf(task, group)}
          </span>
          <span className={css.sub}>
            {refused && (
              <span className={css.bad}>
                <TriangleAlert size={12} aria-hidden="true" /> {t.task.refused} ·{" "}
              </span>
            )}
            {note && <span className={css.note}>{note} · </span>}
            {task.due_date && (
              <span className={late ? css.bad : undefined}>
                {late
                  ? `${t.inbox.overdue}: ${format.dayName(task.due_date)}`
                  : t.inbox.due(format.dayName(task.due_date))}{" "}
                ·{" "}
              </span>
            )}
            {format.person(task.author)}
          </span>
        </span>
        <time
          className={css.time}
          dateTime={task.last_modified_date}
          title={format.full(task.last_modified_date)}
        >
          {format.short(task.last_modified_date)}
        </time>
      </Link>
      {onBack && (
        <IconButton label={t.inbox.takeBack} onClick={() => onBack(task.id)}>
          <Undo2 size={17} />
        </IconButton>
      )}
    </div>
  );
});
