// A register within a thumb's reach: a card a task.

import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { TemplateField } from "~/api/types";
import { FieldValue, hasValue } from "~/fields/FieldValue";
import { useFormat, useT } from "~/i18n";
import { Badge } from "~/ui/Badge";
import css from "./Cards.module.css";
import { type RegisterTask, shownIn, titleIn } from "./columns";
import type { PendingCells } from "./Grid";

interface Props {
  /** The form's name. */
  form: string;
  tasks: readonly RegisterTask[];
  fields: readonly TemplateField[];
  steps: Record<string, string>;
  pending: PendingCells;
  selected: ReadonlySet<number>;
  onSelect: (ids: readonly number[], on: boolean) => void;
  onOpen: (task: number) => void;
  onEnd: () => void;
}

export function Cards({ form, tasks, fields, steps, pending, selected, onSelect, onOpen, onEnd }: Props) {
  const t = useT();
  const format = useFormat();
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => frame.current,
    estimateSize: () => 132,
    overscan: 6,
    getItemKey: (index) => tasks[index]?.id ?? index,
  });
  const shown = rows.getVirtualItems();
  const end = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (end >= tasks.length - 40) onEnd();
  }, [end, tasks.length, onEnd]);
  return (
    <div ref={frame} className={css.frame}>
      <ul className={css.list} style={{ height: rows.getTotalSize() }}>
        {shown.map((item) => {
          const task = tasks[item.index];
          if (!task) return null;
          const filled = fields
            .flatMap((field) => {
              const value = shownIn(task, field.id);
              return value && hasValue(value) && field.type !== "table" ? [{ field, value }] : [];
            })
            .slice(0, 3);
          return (
            <li
              key={task.id}
              ref={rows.measureElement}
              data-index={item.index}
              className={css.item}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <div className={`${css.card} ${selected.has(task.id) ? css.selected : ""}`}>
                <label className={css.check}>
                  <input
                    type="checkbox"
                    aria-label={t.register.select(task.text || `№ ${task.id}`)}
                    checked={selected.has(task.id)}
                    onChange={({ target }) => onSelect([task.id], target.checked)}
                  />
                </label>
                <button type="button" className={css.body} onClick={() => onOpen(task.id)}>
                  <span className={css.title}>{titleIn(form, task)}</span>
                  <span className={css.facts}>
                    {task.is_closed ? (
                      <Badge>{t.fields.closed}</Badge>
                    ) : task.current_step ? (
                      <Badge tone="info">
                        {steps[String(task.current_step)] ?? t.fields.step(task.current_step)}
                      </Badge>
                    ) : null}
                    {pending.has(task.id) && <Badge tone="warn">{t.register.waits}</Badge>}
                  </span>
                  {filled.map(({ field, value }) => (
                    <span key={field.id} className={css.fact}>
                      <span>{field.name}</span>
                      <span>
                        <FieldValue field={value} template={field} compact />
                      </span>
                    </span>
                  ))}
                  <span className={css.by}>
                    {format.person(task.author)} · {format.short(task.last_modified_date)}
                  </span>
                </button>
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
