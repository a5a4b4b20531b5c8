// The rows of the inbox, of which only those on the screen are drawn.

import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronDown, TriangleAlert, Undo2 } from "lucide-react";
import { memo, useEffect, useRef } from "react";
import { Link } from "wouter";
import type { TaskHeader } from "~/api/types";
import { useFormat, useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import { Avatar } from "~/ui/Avatar";
import { IconButton } from "~/ui/Button";
import css from "./InboxList.module.css";
import type { Row } from "./rows";

interface Props {
  rows: readonly Row[];
  chosen: number | undefined;
  marked: ReadonlySet<number>;
  marking: boolean;
  refused: ReadonlySet<number>;
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
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === "group" ? 36 : 62),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 6,
    paddingEnd: 16,
  });
  const at = rows.findIndex((row) => row.kind === "task" && row.task.id === chosen);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another one is looked at
  useEffect(() => {
    if (at !== -1) virtual.scrollToIndex(at, { align: "auto" });
  }, [chosen]);
  return (
    <div className={css.scroll} ref={scroller}>
      <ul className={css.all} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index] as Row;
          return (
            <li
              key={item.key}
              data-index={item.index}
              ref={virtual.measureElement}
              className={css.place}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {row.kind === "group" ? (
                <h2 className={css.group}>
                  <button
                    type="button"
                    aria-expanded={!row.folded}
                    onClick={() => props.onFold(row.group.id)}
                  >
                    <ChevronDown
                      size={14}
                      className={row.folded ? css.closed : undefined}
                      aria-hidden="true"
                    />
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
                  here={row.task.id === chosen}
                  unread={row.unread}
                  marked={props.marked.has(row.task.id)}
                  marking={props.marking}
                  refused={props.refused.has(row.task.id)}
                  onMark={props.onMark}
                  onBack={props.onBack}
                />
              )}
            </li>
          );
        })}
      </ul>
      {more && <p className={css.more}>{t.inbox.moreLater}</p>}
    </div>
  );
}

const TaskLine = memo(function TaskLine({
  task,
  here,
  unread,
  marked,
  marking,
  refused,
  onMark,
  onBack,
}: {
  task: TaskHeader;
  here: boolean;
  unread: boolean;
  marked: boolean;
  marking: boolean;
  refused: boolean;
  onMark: (id: number) => void;
  onBack?: (id: number) => void;
}) {
  const t = useT();
  const format = useFormat();
  const late = task.due_date && !task.close_date && task.due_date < dayOf(new Date());
  const title = task.text || `№ ${task.id}`;
  // The group says which form it is.
  const short = title.includes(": ") ? title.slice(title.indexOf(": ") + 2) : title;
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
            {short || title}
          </span>
          <span className={css.sub}>
            {refused && (
              <span className={css.bad}>
                <TriangleAlert size={12} aria-hidden="true" /> {t.task.refused} ·{" "}
              </span>
            )}
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
