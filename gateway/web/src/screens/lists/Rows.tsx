// Tasks as rows; only those near the window are there.

import { useVirtualizer } from "@tanstack/react-virtual";
import { Check, Clock, RotateCcw } from "lucide-react";
import { memo, useRef } from "react";
import { Link } from "wouter";
import { useActions } from "~/app/actions";
import { useFormat, useT } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import { IconButton } from "~/ui/Button";
import { useNarrow } from "~/ui/narrow";
import { type Row, useChangeTask } from "./change";
import { DueBadge } from "./DueBadge";
import css from "./Lists.module.css";

export function Rows({ rows }: { rows: readonly Row[] }) {
  const t = useT();
  const frame = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  const { change } = useChangeTask();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => (narrow ? 64 : 42),
    overscan: 12,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const step = (by: number) => {
    const links = [...(frame.current?.querySelectorAll<HTMLElement>("a[data-task]") ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
  };
  useActions([
    { id: "list.next", label: t.lists.next, keys: "j", run: () => step(1) },
    { id: "list.previous", label: t.lists.previous, keys: "k", run: () => step(-1) },
  ]);
  return (
    <div ref={frame} className={css.rows}>
      {!narrow && (
        <div className={css.columns} aria-hidden="true">
          <span>{t.lists.task}</span>
          <span>{t.lists.responsible}</span>
          <span>{t.lists.due}</span>
          <span>{t.lists.changed}</span>
        </div>
      )}
      <ul style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <li
              key={key}
              data-index={index}
              ref={virtual.measureElement}
              className={css.slot}
              style={{ transform: `translateY(${start}px)` }}
            >
              <TaskLine row={row} />
              {row.id > 0 && (
                <IconButton
                  label={`${row.close_date ? t.lists.reopen : t.lists.finish}: ${row.text ?? row.id}`}
                  title={row.close_date ? t.lists.reopen : t.lists.finish}
                  className={css.finish}
                  onClick={() => change(row, { action: row.close_date ? "reopened" : "finished" })}
                >
                  {row.close_date ? <RotateCcw size={15} /> : <Check size={16} />}
                </IconButton>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const TaskLine = memo(function TaskLine({ row }: { row: Row }) {
  const t = useT();
  const format = useFormat();
  const inside = (
    <>
      <span className={css.text}>
        {row.pending && <Clock size={13} aria-label={t.lists.queued} />}
        <span>{row.text || `№ ${row.id}`}</span>
      </span>
      <span className={css.who}>
        {row.responsible ? (
          <>
            <Avatar person={row.responsible} size={20} />
            <span>{format.person(row.responsible)}</span>
          </>
        ) : (
          <span className={css.nobody}>{t.lists.nobody}</span>
        )}
      </span>
      <span className={css.when}>
        <DueBadge row={row} />
      </span>
      <time className={css.changed} dateTime={row.last_modified_date}>
        {format.short(row.last_modified_date)}
      </time>
    </>
  );
  const classes = `${css.line} ${row.close_date ? css.closed : ""} ${row.pending ? css.pending : ""}`;
  // What the server does not know yet has no address.
  return row.id > 0 ? (
    <Link href={`/tasks/${row.id}`} className={classes} data-task>
      {inside}
    </Link>
  ) : (
    <div className={classes}>{inside}</div>
  );
});
