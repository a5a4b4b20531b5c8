// Tasks in columns by when they are due or whose they are. A card put into another column gets that day, or that person.

import {
  type Announcements,
  type CollisionDetection,
  DndContext,
  DragOverlay,
  type KeyboardCoordinateGetter,
  KeyboardSensor,
  PointerSensor,
  pointerWithin,
  rectIntersection,
  TouchSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Clock, MoreHorizontal } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { Person } from "~/api/types";
import { useFormat, useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import { Avatar } from "~/ui/Avatar";
import { IconButton } from "~/ui/Button";
import { useFirstLane } from "~/ui/firstLane";
import { Menu } from "~/ui/Menu";
import css from "./Board.module.css";
import { type Change, type Row, useChangeTask } from "./change";
import { DueBadge } from "./DueBadge";
import { DUES, dayFor, dueOf } from "./grouping";

/** Where the finger is; without one, what the card covers. */
const under: CollisionDetection = (drag) =>
  drag.pointerCoordinates ? pointerWithin(drag) : rectIntersection(drag);

/** Enter opens a task, so that Space alone picks it up. */
const CODES = { start: ["Space"], cancel: ["Escape"], end: ["Space"] };

/** The arrow keys carry a card from column to column. */
const nextColumn: KeyboardCoordinateGetter = (event, { context }) => {
  const by = event.code === "ArrowRight" ? 1 : event.code === "ArrowLeft" ? -1 : 0;
  if (by === 0) return undefined;
  event.preventDefault();
  const columns = [...context.droppableRects.entries()]
    .filter(([id]) => !context.droppableContainers.get(id)?.disabled)
    .sort(([, left], [, right]) => left.left - right.left);
  const at = columns.findIndex(([id]) => id === (context.over?.id ?? undefined));
  const from = context.collisionRect?.left ?? 0;
  const near = at >= 0 ? at : columns.filter(([, rect]) => rect.left <= from).length - (by > 0 ? 1 : 0);
  const next = columns[Math.min(columns.length - 1, Math.max(0, near + by))];
  return next && { x: next[1].left + 8, y: next[1].top + 48 };
};

interface Column {
  id: string;
  name: ReactNode;
  title: string;
  rows: Row[];
  /** What a task put here becomes; `undefined` where nothing can be put. */
  change?: Change;
}

export default function Board({ rows, by }: { rows: readonly Row[]; by: "due" | "responsible" }) {
  const t = useT();
  const columns = useColumns(rows, by);
  const { change } = useChangeTask();
  const [dragged, setDragged] = useState<Row>();
  const board = useRef<HTMLDivElement>(null);
  useFirstLane(
    board,
    columns.findIndex(({ rows }) => rows.length > 0),
  );
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, { keyboardCodes: CODES, coordinateGetter: nextColumn }),
  );
  const named = (id: unknown) => columns.find((column) => column.id === id)?.title ?? "";
  const says: Announcements = {
    onDragStart: ({ active }) => t.lists.dragged(rows.find(({ id }) => id === active.id)?.text ?? ""),
    onDragOver: ({ over }) => (over ? t.lists.over(named(over.id)) : undefined),
    onDragEnd: ({ over }) => (over ? t.lists.dropped(named(over.id)) : t.lists.notDropped),
    onDragCancel: () => t.lists.notDropped,
  };
  const put = (row: Row | undefined, to: Column | undefined) => {
    if (!row || !to?.change || to.rows.some(({ id }) => id === row.id)) return;
    change(row, to.change);
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={under}
      accessibility={{ announcements: says, screenReaderInstructions: { draggable: t.lists.drag } }}
      onDragStart={({ active }) => setDragged(rows.find(({ id }) => id === active.id))}
      onDragCancel={() => setDragged(undefined)}
      onDragEnd={({ over }) => {
        put(
          dragged,
          columns.find(({ id }) => id === over?.id),
        );
        setDragged(undefined);
      }}
    >
      <div ref={board} className={css.board}>
        {columns.map((column) => (
          <Lane key={column.id} column={column} columns={columns} onPut={put} dragging={Boolean(dragged)} />
        ))}
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged && (
          <div className={`${css.card} ${css.flying}`}>
            <CardText row={dragged} />
          </div>
        )}
      </DragOverlay>
    </DndContext>
  );
}

function useColumns(rows: readonly Row[], by: "due" | "responsible"): Column[] {
  const t = useT();
  const format = useFormat();
  if (by === "due") {
    const today = dayOf(new Date());
    return DUES.map((due) => {
      const day = dayFor(due, today);
      return {
        id: due,
        name: t.lists.dues[due],
        title: t.lists.dues[due],
        rows: rows.filter((row) => dueOf(row, today) === due),
        change: day === undefined ? undefined : day === null ? { cancel_due: true } : { due_date: day },
      };
    });
  }
  const people = new Map<number, Person>();
  for (const { responsible } of rows) if (responsible) people.set(responsible.id, responsible as Person);
  const sorted = [...people.values()].sort((left, right) =>
    format.person(left).localeCompare(format.person(right)),
  );
  const nobody = rows.filter((row) => !row.responsible);
  return [
    ...(nobody.length > 0 ? [{ id: "0", name: t.lists.nobody, title: t.lists.nobody, rows: nobody }] : []),
    ...sorted.map((person) => ({
      id: `p${person.id}`,
      name: (
        <>
          <Avatar person={person} size={20} />
          <span>{format.person(person)}</span>
        </>
      ),
      title: format.person(person),
      rows: rows.filter(({ responsible }) => responsible?.id === person.id),
      change: { reassign_to: { id: person.id } },
    })),
  ];
}

function Lane({
  column,
  columns,
  onPut,
  dragging,
}: {
  column: Column;
  columns: Column[];
  onPut: (row: Row, to: Column) => void;
  dragging: boolean;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const { setNodeRef, isOver } = useDroppable({ id: column.id, disabled: !column.change });
  const virtual = useVirtualizer({
    count: column.rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => 92,
    gap: 6,
    overscan: 6,
    getItemKey: (index) => column.rows[index]?.id ?? index,
  });
  return (
    <section
      ref={setNodeRef}
      className={`${css.lane} ${isOver ? css.over : ""} ${dragging && !column.change ? css.shut : ""}`}
      aria-label={column.title}
    >
      <h2 className={css.head}>
        {column.name} <span className={css.count}>{column.rows.length}</span>
      </h2>
      <div ref={frame} className={css.cards}>
        <ul style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const row = column.rows[index];
            return row ? (
              <li
                key={key}
                data-index={index}
                ref={virtual.measureElement}
                className={css.slot}
                style={{ transform: `translateY(${start}px)` }}
              >
                <Card
                  row={row}
                  places={columns.filter((other) => other.change && other.id !== column.id)}
                  onPut={onPut}
                />
              </li>
            ) : null;
          })}
        </ul>
      </div>
    </section>
  );
}

function Card({ row, places, onPut }: { row: Row; places: Column[]; onPut: (row: Row, to: Column) => void }) {
  const t = useT();
  const [, go] = useLocation();
  const { setNodeRef, listeners, attributes, isDragging } = useDraggable({
    id: row.id,
    disabled: row.id < 0,
  });
  return (
    <div className={`${css.card} ${isDragging ? css.away : ""} ${row.pending ? css.pending : ""}`}>
      <button
        type="button"
        ref={setNodeRef}
        {...listeners}
        {...attributes}
        className={css.grip}
        onClick={() => row.id > 0 && go(`/tasks/${row.id}`)}
      >
        <CardText row={row} />
      </button>
      {row.id > 0 && places.length > 0 && (
        <Menu
          label={`${t.lists.moveTo}: ${row.text ?? ""}`}
          button={
            <IconButton label={`${t.lists.moveTo}: ${row.text ?? ""}`} className={css.dots}>
              <MoreHorizontal size={15} />
            </IconButton>
          }
          choices={[
            { label: t.lists.open, onChoose: () => go(`/tasks/${row.id}`) },
            null,
            ...places.map((place) => ({
              label: `${t.lists.moveTo}: ${place.title}`,
              onChoose: () => onPut(row, place),
            })),
          ]}
        />
      )}
    </div>
  );
}

function CardText({ row }: { row: Row }) {
  const t = useT();
  const format = useFormat();
  return (
    <>
      <span className={`${css.text} ${row.close_date ? css.closed : ""}`}>{row.text || `№ ${row.id}`}</span>
      <span className={css.about}>
        {row.responsible && <Avatar person={row.responsible} size={20} />}
        <span className={css.who}>{row.responsible ? format.person(row.responsible) : t.lists.nobody}</span>
        {row.pending && <Clock size={13} aria-label={t.lists.queued} />}
        <DueBadge row={row} />
      </span>
    </>
  );
}
