// A table of any length: only the rows that are seen are drawn. A real table to those who hear it.

import { useVirtualizer } from "@tanstack/react-virtual";
import { type Key, type ReactNode, useRef } from "react";
import { useT } from "~/i18n";
import { useNarrow } from "./narrow";
import css from "./VirtualTable.module.css";

export interface Column<R> {
  id: string;
  label: ReactNode;
  cell: (row: R) => ReactNode;
  /** As CSS has it; what is left is shared by those without. */
  width?: string;
  /** Left out where there is little room. */
  spare?: boolean;
}

interface Props<R, K extends Key> {
  label: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  rowKey: (row: R) => K;
  /** What a row is called, for its box. */
  rowName?: (row: R) => string;
  /** Rows can be chosen. */
  chosen?: ReadonlySet<K>;
  onChoose?: (chosen: ReadonlySet<K>) => void;
  /** Below the last row. */
  end?: ReactNode;
}

/** A guess, before a row is measured, in pixels. */
const ROW = 53;

export function VirtualTable<R, K extends Key>(props: Props<R, K>) {
  const { label, columns: all, rows, rowKey, rowName, chosen, onChoose, end } = props;
  const t = useT();
  const narrow = useNarrow();
  const frame = useRef<HTMLElement>(null);
  const columns = narrow ? all.filter(({ spare }) => !spare) : all;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 12,
    getItemKey: (index) => rowKey(rows[index] as R),
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const keys = rows.map(rowKey);
  const every = chosen !== undefined && keys.length > 0 && keys.every((key) => chosen.has(key));
  const span = columns.length + (chosen ? 1 : 0);
  const turn = (key: K) => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    onChoose?.(next);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys as well
    <section ref={frame} className={css.frame} aria-label={label} tabIndex={0}>
      <table className={css.table} aria-label={label} aria-rowcount={rows.length + 1}>
        <colgroup>
          {chosen && <col className={css.box} />}
          {columns.map(({ id, width }) => (
            <col key={id} style={width ? { width } : undefined} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {chosen && (
              <th scope="col">
                <label className={css.check}>
                  <input
                    type="checkbox"
                    aria-label={t.common.all}
                    checked={every}
                    ref={(box) => {
                      if (box) box.indeterminate = !every && chosen.size > 0;
                    }}
                    onChange={() => onChoose?.(every ? new Set() : new Set(keys))}
                  />
                </label>
              </th>
            )}
            {columns.map(({ id, label }) => (
              <th key={id} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && (
            <tr>
              <td colSpan={span} className={css.gap} style={{ height: above }} />
            </tr>
          )}
          {items.map(({ index, key }) => {
            const row = rows[index] as R;
            const own = rowKey(row);
            return (
              <tr
                key={key as Key}
                data-index={index}
                ref={virtual.measureElement}
                aria-rowindex={index + 2}
                className={chosen?.has(own) ? css.chosen : undefined}
              >
                {chosen && (
                  <td>
                    <label className={css.check}>
                      <input
                        type="checkbox"
                        aria-label={rowName?.(row)}
                        checked={chosen.has(own)}
                        onChange={() => turn(own)}
                      />
                    </label>
                  </td>
                )}
                {columns.map(({ id, cell }) => (
                  <td key={id}>{cell(row)}</td>
                ))}
              </tr>
            );
          })}
          {below > 0 && (
            <tr>
              <td colSpan={span} className={css.gap} style={{ height: below }} />
            </tr>
          )}
        </tbody>
      </table>
      {end}
    </section>
  );
}
