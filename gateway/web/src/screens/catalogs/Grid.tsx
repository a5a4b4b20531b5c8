// The rows of a catalog as a grid of any length: cells are walked with the arrow keys, edited in place, and pasted into from a
// spreadsheet. What is changed is only staged.

import { useVirtualizer } from "@tanstack/react-virtual";
import { RotateCcw, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useT } from "~/i18n";
import { IconButton } from "~/ui/Button";
import css from "./Grid.module.css";
import type { Column, Line } from "./sheet";

interface Props {
  columns: readonly Column[];
  lines: readonly Line[];
  bad: ReadonlyMap<string, "empty" | "twice">;
  locked: boolean;
  onCell: (line: Line, column: string, text: string) => void;
  onToggle: (line: Line) => void;
  /** Texts of rows and columns, from this cell on. */
  onPaste: (line: number, column: number, table: string[][]) => void;
}

/** Characters in a cell. */
const CELL_MAX = 500;

export function Grid({ columns, lines, bad, locked, onCell, onToggle, onPaste }: Props) {
  const { catalogs: t } = useT();
  const scroll = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState({ line: 0, column: 0 });
  const [editing, setEditing] = useState<{ text: string }>();
  const held = useRef(false);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 37,
    overscan: 12,
  });
  const here = {
    line: Math.min(at.line, Math.max(0, lines.length - 1)),
    column: Math.min(at.column, Math.max(0, columns.length - 1)),
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows the cell
  useEffect(() => {
    if (!held.current) return;
    virtual.scrollToIndex(here.line);
    requestAnimationFrame(() =>
      scroll.current?.querySelector<HTMLElement>(`[data-cell="${here.line}.${here.column}"]`)?.focus(),
    );
  }, [here.line, here.column, editing === undefined]);

  const go = (line: number, column: number) => {
    held.current = true;
    setAt({
      line: Math.min(lines.length - 1, Math.max(0, line)),
      column: Math.min(columns.length - 1, Math.max(0, column)),
    });
  };
  const line = lines[here.line];
  const column = columns[here.column];
  const fixed = locked || line?.state === "removed";
  const begin = (text: string) => !fixed && setEditing({ text });
  const commit = (by: { line: number; column: number }) => {
    if (editing && line && column) onCell(line, column.key, editing.text);
    setEditing(undefined);
    go(here.line + by.line, here.column + by.column);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (editing || !(event.target as HTMLElement).dataset.cell) return;
    const moves: Record<string, [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      PageUp: [-20, 0],
      PageDown: [20, 0],
      Home: [0, -columns.length],
      End: [0, columns.length],
    };
    const move = moves[event.key];
    if (move) go(here.line + move[0], here.column + move[1]);
    else if (event.key === "Enter" || event.key === "F2") begin(line?.cells[column?.key ?? ""] ?? "");
    else if ((event.key === "Delete" || event.key === "Backspace") && !fixed && line && column)
      onCell(line, column.key, "");
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) begin(event.key);
    else return;
    event.preventDefault();
  };
  const paste = (event: React.ClipboardEvent) => {
    if (editing || locked || !(event.target as HTMLElement).dataset.cell) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    event.preventDefault();
    onPaste(
      here.line,
      here.column,
      text.split(/\r?\n/).map((row) => row.split("\t").map((cell) => cell.slice(0, CELL_MAX))),
    );
  };
  const template = { gridTemplateColumns: `52px repeat(${columns.length}, minmax(168px, 1fr)) 44px` };
  return (
    <div className={css.frame} ref={scroll}>
      {/* biome-ignore lint/a11y/useSemanticElements: a virtual grid of divs, as ARIA describes it */}
      <div
        role="grid"
        tabIndex={-1}
        className={css.grid}
        aria-rowcount={lines.length + 1}
        aria-colcount={columns.length}
        aria-readonly={locked}
        aria-label={t.keys}
        onKeyDown={onKeyDown}
        onPaste={paste}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: cells have the focus */}
        <div role="row" aria-rowindex={1} className={`${css.row} ${css.headRow}`} style={template}>
          <span className={css.number} />
          {columns.map((one) => (
            // biome-ignore lint/a11y/useSemanticElements: as above
            // biome-ignore lint/a11y/useFocusableInteractive: as above
            <div role="columnheader" key={one.key} className={css.head}>
              {one.name}
              {one.kind === "workflow" && <small>{t.people}</small>}
            </div>
          ))}
          <span />
        </div>
        <div className={css.body} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = lines[index];
            if (!row) return null;
            const wrong = bad.get(row.key);
            return (
              // biome-ignore lint/a11y/useSemanticElements: as above
              // biome-ignore lint/a11y/useFocusableInteractive: as above
              <div
                role="row"
                key={row.key}
                aria-rowindex={index + 2}
                className={`${css.row} ${css.line} ${css[row.state]} ${wrong ? css.wrong : ""}`}
                style={{ ...template, transform: `translateY(${start}px)` }}
              >
                {/* biome-ignore lint/a11y/useSemanticElements: as above */}
                {/* biome-ignore lint/a11y/useFocusableInteractive: cells have the focus */}
                <span
                  role="rowheader"
                  className={css.number}
                  title={wrong ? t.bad[wrong] : t.states[row.state] || undefined}
                >
                  {index + 1}
                  {row.state !== "same" && <span className="hidden">{t.states[row.state]}</span>}
                  {wrong && <span className="hidden">{t.bad[wrong]}</span>}
                </span>
                {columns.map((one, place) => {
                  const chosen = index === here.line && place === here.column;
                  const text = row.cells[one.key] ?? "";
                  return chosen && editing ? (
                    <input
                      key={one.key}
                      // biome-ignore lint/a11y/noAutofocus: the cell had the focus
                      autoFocus
                      className={css.input}
                      maxLength={CELL_MAX}
                      aria-label={t.editCell(one.name, t.row(index + 1))}
                      value={editing.text}
                      onChange={({ target }) => setEditing({ text: target.value })}
                      onBlur={() => {
                        if (line && column) onCell(line, column.key, editing.text);
                        setEditing(undefined);
                      }}
                      onKeyDown={(event) => {
                        if (event.key === "Enter") commit({ line: event.shiftKey ? -1 : 1, column: 0 });
                        else if (event.key === "Tab") commit({ line: 0, column: event.shiftKey ? -1 : 1 });
                        else if (event.key === "Escape") setEditing(undefined);
                        else return;
                        event.preventDefault();
                        event.stopPropagation();
                      }}
                    />
                  ) : (
                    // biome-ignore lint/a11y/useSemanticElements: as above
                    <div
                      role="gridcell"
                      key={one.key}
                      data-cell={`${index}.${place}`}
                      tabIndex={chosen ? 0 : -1}
                      className={css.cell}
                      title={text.length > 24 ? text : undefined}
                      onFocus={() => {
                        held.current = true;
                        if (!chosen) setAt({ line: index, column: place });
                      }}
                      onBlur={() => {
                        held.current = false;
                      }}
                      onClick={() => {
                        if (chosen) begin(text);
                        else go(index, place);
                      }}
                      onKeyDown={undefined}
                    >
                      {text}
                    </div>
                  );
                })}
                {/* biome-ignore lint/a11y/useSemanticElements: as above */}
                {/* biome-ignore lint/a11y/useFocusableInteractive: the button in it has the focus */}
                <div role="gridcell" className={css.tool}>
                  {!locked && (
                    <IconButton
                      label={`${row.state === "removed" ? t.keepRow : t.removeRow}: ${row.cells[columns[0]?.key ?? ""] ?? index + 1}`}
                      onClick={() => onToggle(row)}
                    >
                      {row.state === "removed" ? <RotateCcw size={15} /> : <Trash2 size={15} />}
                    </IconButton>
                  )}
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
