// A table of any length and width: only what can be seen is drawn. The head and the first column stay; arrow keys go through cells.

import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import {
  type KeyboardEvent,
  memo,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { TemplateField } from "~/api/types";
import { useT } from "~/i18n";
import type { Command } from "~/store/command";
import { Cell } from "./Cell";
import {
  type Column,
  type ColumnId,
  fieldOf,
  type RegisterTask,
  type Sort,
  WIDTH_MAX,
  WIDTH_MIN,
} from "./columns";
import css from "./Grid.module.css";

/** Where the choosing of rows is. */
const CHECK = 40;
/** How high the heads are, and what is below the last row while some are marked (`Grid.module.css`). */
const HEAD = 35;
const BAR = 76;

export type PendingCells = ReadonlyMap<number, ReadonlyMap<number, { command: Command; value: unknown }>>;

interface Props {
  label: string;
  /** The form's name. */
  form: string;
  tasks: readonly RegisterTask[];
  columns: readonly Column[];
  nameOf: (column: ColumnId) => string;
  templates: ReadonlyMap<number, TemplateField>;
  steps: Record<string, string>;
  pending: PendingCells;
  sort: Sort | undefined;
  onSort: (by: ColumnId) => void;
  onWidth: (column: ColumnId, width: number) => void;
  selected: ReadonlySet<number>;
  onSelect: (ids: readonly number[], on: boolean) => void;
  /** The task that is open beside. */
  open?: number;
  onOpen: (task: number) => void;
  onEdit: (task: RegisterTask, field: TemplateField, cell: HTMLElement) => void;
  canEdit: (field: TemplateField | undefined) => boolean;
  /** The last rows are near. */
  onEnd: () => void;
  busy?: boolean;
}

export function Grid(props: Props) {
  const { tasks, columns, selected, onSelect, onEnd } = props;
  const t = useT();
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const row = useRowHeight();
  const [at, setAt] = useState({ row: 0, column: 0 });
  const [focused, setFocused] = useState(false);
  const last = useRef<number>(undefined);

  const first = columns[0];
  const rest = columns.slice(1);
  // Columns first: both hear each scroll, and whoever draws before the other has asked where one is makes the browser lay out twice.
  const across = useVirtualizer({
    horizontal: true,
    useFlushSync: false,
    count: rest.length,
    getScrollElement: () => frame.current,
    estimateSize: (index) => rest[index]?.width ?? 0,
    getItemKey: (index) => rest[index]?.id ?? index,
    overscan: 2,
    paddingStart: CHECK + (first?.width ?? 0),
    // What goes aside goes below what stays.
    scrollPaddingStart: CHECK + (first?.width ?? 0),
  });
  const rows = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => frame.current,
    estimateSize: () => row,
    overscan: 8,
    getItemKey: (index) => tasks[index]?.id ?? index,
    // Rows begin below the heads, and end above what can be done with those that are marked.
    scrollPaddingEnd: HEAD + (selected.size > 0 ? BAR : 0),
  });
  const widths = columns.map(({ width }) => width).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew when widths or heights change
  useLayoutEffect(() => {
    across.measure();
    rows.measure();
  }, [widths, row]);

  const shown = rows.getVirtualItems();
  const end = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (end >= tasks.length - 60) onEnd();
  }, [end, tasks.length, onEnd]);

  const width = CHECK + columns.reduce((sum, column) => sum + column.width, 0);
  const visible = across.getVirtualItems();
  const edge = visible.at(-1);
  const shape = `${visible[0]?.index ?? 0}-${edge?.index ?? 0}-${edge?.end ?? 0}-${widths}`;
  // A step of a scroll draws rows, and leaves the heads as they are.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape says which columns are drawn, and where
  const heads = useMemo(
    () => (
      <>
        {first && <Head {...props} column={first} index={0} left={CHECK} stays />}
        {visible.map(({ index, start }) => {
          const column = rest[index];
          return column && <Head key={column.id} {...props} column={column} index={index + 1} left={start} />;
        })}
      </>
    ),
    [props, shape],
  );
  const cell = { row: Math.min(at.row, tasks.length - 1), column: Math.min(at.column, columns.length - 1) };
  const active = tasks[cell.row];
  const activeColumn = columns[cell.column];

  const go = (to: { row: number; column: number }) => {
    const next = {
      row: Math.min(tasks.length - 1, Math.max(0, to.row)),
      column: Math.min(columns.length - 1, Math.max(0, to.column)),
    };
    setAt(next);
    rows.scrollToIndex(next.row, { align: "auto" });
    if (next.column > 0) across.scrollToIndex(next.column - 1, { align: "auto" });
  };
  const cellId = (task: number, column: ColumnId) => `${id}-${task}-${column}`;
  const act = () => {
    if (!active || !activeColumn) return;
    const field = props.templates.get(fieldOf(activeColumn.id) ?? -1);
    const element = document.getElementById(cellId(active.id, activeColumn.id));
    if (field && element && props.canEdit(field)) props.onEdit(active, field, element);
    else props.onOpen(active.id);
  };
  const select = useCallback(
    (index: number, on: boolean, range: boolean) => {
      const from = range && last.current !== undefined ? Math.min(last.current, index) : index;
      const to = range && last.current !== undefined ? Math.max(last.current, index) : index;
      last.current = index;
      onSelect(
        tasks.slice(from, to + 1).map((task) => task.id),
        on,
      );
    },
    [tasks, onSelect],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== frame.current) return;
    const page = Math.max(1, Math.floor((frame.current?.clientHeight ?? 0) / row) - 2);
    const moves: Record<string, () => void> = {
      ArrowDown: () => go({ row: cell.row + 1, column: cell.column }),
      ArrowUp: () => go({ row: cell.row - 1, column: cell.column }),
      ArrowRight: () => go({ row: cell.row, column: cell.column + 1 }),
      ArrowLeft: () => go({ row: cell.row, column: cell.column - 1 }),
      PageDown: () => go({ row: cell.row + page, column: cell.column }),
      PageUp: () => go({ row: cell.row - page, column: cell.column }),
      Home: () => go({ row: event.ctrlKey ? 0 : cell.row, column: 0 }),
      End: () => go({ row: event.ctrlKey ? tasks.length - 1 : cell.row, column: columns.length - 1 }),
      Enter: act,
      F2: act,
      " ": () => active && select(cell.row, !selected.has(active.id), event.shiftKey),
    };
    const move = moves[event.key];
    if (!move || event.altKey || event.metaKey) return;
    event.preventDefault();
    move();
  };
  const all = tasks.length > 0 && tasks.every((task) => selected.has(task.id));

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot draw only what is seen
    <div
      ref={frame}
      role="grid"
      className={`${css.frame} ${(across.scrollOffset ?? 0) > 0 ? css.aside : ""}`}
      aria-label={props.label}
      aria-rowcount={tasks.length + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-busy={props.busy || undefined}
      aria-describedby={`${id}-keys`}
      aria-activedescendant={
        focused && active && activeColumn ? cellId(active.id, activeColumn.id) : undefined
      }
      tabIndex={0}
      onKeyDown={onKeyDown}
      onFocus={({ target }) => target === frame.current && setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <p id={`${id}-keys`} className="hidden">
        {t.register.keys}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
      <div role="row" aria-rowindex={1} className={css.head} style={{ width }}>
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
        <div
          role="columnheader"
          aria-colindex={1}
          className={`${css.check} ${css.stays} ${css.corner}`}
          style={{ left: 0 }}
        >
          <input
            type="checkbox"
            aria-label={t.register.selectAll}
            checked={all}
            onChange={() =>
              onSelect(
                tasks.map((task) => task.id),
                !all,
              )
            }
          />
        </div>
        {heads}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="rowgroup" className={css.body} style={{ height: rows.getTotalSize(), width }}>
        {shown.map((item) => {
          const task = tasks[item.index];
          if (!task) return null;
          return (
            <Row
              key={task.id}
              task={task}
              index={item.index}
              top={item.start}
              height={row}
              width={width}
              first={first}
              rest={visible.map(({ index, start }) => ({ index, start, column: rest[index] as Column }))}
              shape={shape}
              cellId={cellId}
              templates={props.templates}
              steps={props.steps}
              form={props.form}
              pending={props.pending.get(task.id)}
              selected={selected.has(task.id)}
              open={props.open === task.id}
              active={focused && item.index === cell.row ? activeColumn?.id : undefined}
              canEdit={props.canEdit}
              onSelect={select}
              onOpen={props.onOpen}
              onEdit={props.onEdit}
              onPoint={setAt}
            />
          );
        })}
      </div>
    </div>
  );
}

/** With a thumb rows are taller. */
function useRowHeight(): number {
  const coarse = typeof matchMedia !== "undefined" && matchMedia("(pointer: coarse)").matches;
  return coarse ? 44 : 36;
}

function Head({
  column,
  index,
  left,
  stays,
  nameOf,
  sort,
  onSort,
  onWidth,
  templates,
}: Pick<Props, "nameOf" | "sort" | "onSort" | "onWidth" | "templates"> & {
  column: Column;
  index: number;
  left: number;
  stays?: boolean;
}) {
  const t = useT();
  const name = nameOf(column.id);
  const mine = sort?.by === column.id ? sort : undefined;
  const type = templates.get(fieldOf(column.id) ?? -1)?.type;
  const isNumber = type === "money" || type === "number";
  const drag = (event: React.PointerEvent<HTMLElement>) => {
    const from = event.clientX;
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent) => onWidth(column.id, clamped(column.width + moved.clientX - from));
    const done = () => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", done);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", done);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot draw only what is seen
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    <div
      role="columnheader"
      aria-colindex={index + 2}
      aria-sort={mine ? (mine.descending ? "descending" : "ascending") : undefined}
      className={`${css.th} ${stays ? css.stays : ""}`}
      style={{ left, width: column.width }}
    >
      <button
        type="button"
        className={`${css.sort} ${isNumber ? css.right : ""}`}
        title={t.register.sortBy(name)}
        onClick={() => onSort(column.id)}
      >
        <span>{name}</span>
        {mine && (mine.descending ? <ArrowDown size={13} /> : <ArrowUp size={13} />)}
      </button>
      {/* biome-ignore lint/a11y/useSemanticElements: a line cannot be drawn with the pointer */}
      <span
        role="separator"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={t.register.width(name)}
        aria-valuenow={column.width}
        aria-valuemin={WIDTH_MIN}
        aria-valuemax={WIDTH_MAX}
        className={css.handle}
        onPointerDown={drag}
        onKeyDown={(event) => {
          const by = event.key === "ArrowRight" ? 16 : event.key === "ArrowLeft" ? -16 : 0;
          if (by === 0) return;
          event.preventDefault();
          onWidth(column.id, clamped(column.width + by));
        }}
      />
    </div>
  );
}

const clamped = (width: number) => Math.round(Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, width)));

interface RowProps {
  task: RegisterTask;
  index: number;
  top: number;
  height: number;
  width: number;
  first: Column | undefined;
  rest: { index: number; start: number; column: Column }[];
  /** Changes when other columns are drawn, or the same ones wider. */
  shape: string;
  cellId: (task: number, column: ColumnId) => string;
  templates: ReadonlyMap<number, TemplateField>;
  steps: Record<string, string>;
  form: string;
  pending: ReadonlyMap<number, { command: Command; value: unknown }> | undefined;
  selected: boolean;
  open: boolean;
  active: ColumnId | undefined;
  canEdit: (field: TemplateField | undefined) => boolean;
  onSelect: (index: number, on: boolean, range: boolean) => void;
  onOpen: (task: number) => void;
  onEdit: Props["onEdit"];
  onPoint: (at: { row: number; column: number }) => void;
}

const Row = memo(
  function Row(props: RowProps) {
    const { task, index, top, height, width, first, rest, active } = props;
    const t = useT();
    const cell = (column: Column, at: number, style: React.CSSProperties, stays?: boolean) => {
      const field = props.templates.get(fieldOf(column.id) ?? -1);
      const isNumber = field?.type === "money" || field?.type === "number";
      const edits = props.canEdit(field);
      return (
        // biome-ignore lint/a11y/useSemanticElements: a table cannot draw only what is seen
        // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
        // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys
        <div
          key={column.id}
          id={props.cellId(task.id, column.id)}
          role="gridcell"
          aria-colindex={at + 2}
          aria-readonly={!edits}
          className={[
            css.cell,
            stays && css.stays,
            isNumber && css.right,
            column.id === "title" && css.title,
            active === column.id && css.active,
          ]
            .filter(Boolean)
            .join(" ")}
          style={style}
          onClick={() => {
            props.onPoint({ row: index, column: at });
            if (!edits) props.onOpen(task.id);
          }}
          onDoubleClick={({ target, currentTarget }) => {
            // A file that is downloaded twice is not to be changed.
            if (target instanceof Element && target.closest("a")) return;
            if (field && edits) props.onEdit(task, field, currentTarget);
          }}
        >
          <span className={css.line}>
            <Cell
              task={task}
              column={column.id}
              template={field}
              steps={props.steps}
              form={props.form}
              pending={field && props.pending?.get(field.id)}
            />
          </span>
        </div>
      );
    };
    return (
      // biome-ignore lint/a11y/useSemanticElements: a table cannot draw only what is seen
      // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
      <div
        role="row"
        aria-rowindex={index + 2}
        aria-selected={props.selected}
        className={`${css.row} ${props.selected ? css.selected : ""} ${props.open ? css.open : ""}`}
        style={{ top, height, width }}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
        <div role="gridcell" aria-colindex={1} className={`${css.check} ${css.stays}`} style={{ left: 0 }}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={t.register.select(task.text || `№ ${task.id}`)}
            checked={props.selected}
            onChange={({ target, nativeEvent }) =>
              props.onSelect(index, target.checked, (nativeEvent as MouseEvent).shiftKey)
            }
          />
        </div>
        {first && cell(first, 0, { left: CHECK, width: first.width }, true)}
        {rest.map(({ column, index: at, start }) =>
          cell(column, at + 1, { left: start, width: column.width }),
        )}
      </div>
    );
  },
  (before, after) =>
    before.task === after.task &&
    before.top === after.top &&
    before.index === after.index &&
    before.height === after.height &&
    before.shape === after.shape &&
    before.pending === after.pending &&
    before.selected === after.selected &&
    before.open === after.open &&
    before.active === after.active &&
    before.templates === after.templates &&
    before.onSelect === after.onSelect,
);
