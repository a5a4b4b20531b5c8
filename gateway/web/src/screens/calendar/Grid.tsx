// Weeks with their days, for a wide screen. Tasks are dragged from day to day, or moved with Alt and the arrow keys; the days themselves
// are gone through with the arrow keys.

import {
  type Announcements,
  DndContext,
  DragOverlay,
  PointerSensor,
  pointerWithin,
  TouchSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useFormat, useSpeech, useT } from "~/i18n";
import { begun, dayOf, fromDay } from "~/i18n/format";
import { useChangeTask } from "~/screens/lists/change";
import { Popover } from "~/ui/Popover";
import { toast } from "~/ui/toast";
import css from "./Calendar.module.css";
import { EntryLink } from "./EntryLink";
import { daysOf, type Entry, moveTo, neighbour } from "./layout";

interface Props {
  weeks: readonly string[];
  day: string;
  days: ReadonlyMap<string, Entry[]>;
  /** `YYYY-MM` whose days stand out; days of a single week hold all of theirs. */
  month: string | undefined;
  onDay: (day: string) => void;
  onMake: (day: string) => void;
}

/** How high a row of a day is, and what its number takes, in pixels. */
const ROW = 24;
const HEAD = 34;

export default function Grid({ weeks, day, days, month, onDay, onMake }: Props) {
  const t = useT();
  const { locale } = useSpeech();
  const format = useFormat();
  const { change } = useChangeTask();
  const [dragged, setDragged] = useState<Entry>();
  const frame = useRef<HTMLDivElement>(null);
  const room = useRoom(frame, weeks.length);
  const today = dayOf(new Date());
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "short" });
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 5 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
  );
  const find = (key: unknown) => [...days.values()].flat().find((entry) => entry.key === key);
  const move = (entry: Entry | undefined, to: string) => {
    const body = entry && moveTo(entry, to);
    if (!entry || !body) return;
    change(entry.row, body);
    toast(t.calendar.moved(format.dayName(to)));
  };
  const says: Announcements = {
    onDragStart: ({ active }) => t.lists.dragged(find(active.id)?.row.text ?? ""),
    onDragOver: ({ over }) => (over ? t.lists.over(format.dayName(String(over.id))) : undefined),
    onDragEnd: ({ over }) => (over ? t.lists.dropped(format.dayName(String(over.id))) : t.lists.notDropped),
    onDragCancel: () => t.lists.notDropped,
  };
  const go = (event: KeyboardEvent, from: string) => {
    const to = event.altKey || event.ctrlKey || event.metaKey ? undefined : neighbour(from, event.key);
    if (!to) return;
    event.preventDefault();
    onDay(to);
    // The day may only be there once its month is drawn.
    setTimeout(() => frame.current?.querySelector<HTMLElement>(`[data-day="${to}"]`)?.focus());
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      accessibility={{ announcements: says }}
      onDragStart={({ active }) => setDragged(find(active.id))}
      onDragCancel={() => setDragged(undefined)}
      onDragEnd={({ over }) => {
        if (over) move(dragged, String(over.id));
        setDragged(undefined);
      }}
    >
      <div className={css.grid} ref={frame}>
        <div className={css.weekdays} aria-hidden="true">
          {daysOf(weeks[0] ?? day).map((one) => (
            <span key={one}>{weekday.format(fromDay(one))}</span>
          ))}
        </div>
        {weeks.map((week) => (
          <div key={week} className={css.week}>
            {daysOf(week).map((one) => (
              <Day
                key={one}
                day={one}
                entries={days.get(one) ?? []}
                room={month ? room : undefined}
                chosen={one === day}
                today={one === today}
                outside={month !== undefined && !one.startsWith(month)}
                onGo={(event) => go(event, one)}
                onMake={() => onMake(one)}
                onMove={move}
              />
            ))}
          </div>
        ))}
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged && (
          <div className={css.flying}>
            <EntryLink entry={dragged} />
          </div>
        )}
      </DragOverlay>
    </DndContext>
  );
}

/** How many tasks a day of a month has room for. */
function useRoom(frame: React.RefObject<HTMLDivElement | null>, weeks: number): number {
  const [height, setHeight] = useState(600);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const watch = new ResizeObserver(([seen]) => seen && setHeight(seen.contentRect.height));
    watch.observe(element);
    return () => watch.disconnect();
  }, [frame]);
  return Math.max(1, Math.floor((height / weeks - HEAD - 6) / ROW));
}

interface DayProps {
  day: string;
  entries: Entry[];
  room: number | undefined;
  chosen: boolean;
  today: boolean;
  outside: boolean;
  onGo: (event: KeyboardEvent) => void;
  onMake: () => void;
  onMove: (entry: Entry, to: string) => void;
}

function Day({ day, entries, room, chosen, today, outside, onGo, onMake, onMove }: DayProps) {
  const t = useT();
  const format = useFormat();
  const { setNodeRef, isOver } = useDroppable({ id: day });
  const fits = room === undefined || entries.length <= room ? entries.length : room - 1;
  const rest = entries.slice(fits);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button in it does the same for the keyboard
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <div
      ref={setNodeRef}
      className={`${css.day} ${outside ? css.outside : ""} ${isOver ? css.over : ""} ${room === undefined ? css.long : ""}`}
      onClick={(event) => event.target === event.currentTarget && onMake()}
    >
      <button
        type="button"
        data-day={day}
        className={`${css.number} ${today ? css.today : ""}`}
        tabIndex={chosen ? 0 : -1}
        aria-current={today ? "date" : undefined}
        aria-label={`${fromDay(day).getDate()}, ${t.calendar.dayName(format.dayName(day), entries.length)}`}
        title={t.calendar.makeOn(format.dayName(day))}
        onClick={onMake}
        onKeyDown={onGo}
      >
        {fromDay(day).getDate()}
      </button>
      <ul className={css.entries}>
        {entries.slice(0, fits).map((entry) => (
          <Draggable key={entry.key} entry={entry} onMove={onMove} />
        ))}
      </ul>
      {rest.length > 0 && (
        <Popover
          label={format.dayName(day)}
          button={
            <button type="button" className={css.more}>
              {t.calendar.moreHere(rest.length)}
            </button>
          }
        >
          <h2 className={css.poppedDay}>{begun(format.dayName(day))}</h2>
          <ul className={css.popped}>
            {entries.map((entry) => (
              <li key={entry.key}>
                <EntryLink entry={entry} />
              </li>
            ))}
          </ul>
        </Popover>
      )}
    </div>
  );
}

function Draggable({ entry, onMove }: { entry: Entry; onMove: (entry: Entry, to: string) => void }) {
  const t = useT();
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: entry.key, disabled: entry.row.id < 0 });
  return (
    <li
      ref={setNodeRef}
      {...listeners}
      className={isDragging ? css.away : undefined}
      title={t.calendar.moveHint}
      onKeyDown={(event) => {
        const to = event.altKey ? neighbour(entry.day, event.key) : undefined;
        if (!to) return;
        event.preventDefault();
        onMove(entry, to);
      }}
    >
      <EntryLink entry={entry} />
    </li>
  );
}
