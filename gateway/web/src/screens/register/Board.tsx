// A register by step. A card put into another column does what the route allows: onward it is approved, back it is rejected.

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
import { Clock3, MoreHorizontal } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import type { Form, TemplateField } from "~/api/types";
import { usePending, useSession } from "~/app/context";
import { FieldValue, hasValue } from "~/fields/FieldValue";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { waits as isAwaited } from "~/store/tasks";
import { Avatar } from "~/ui/Avatar";
import { Button, IconButton } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { TextArea } from "~/ui/Field";
import { useFirstLane } from "~/ui/firstLane";
import { Menu } from "~/ui/Menu";
import { toast } from "~/ui/toast";
import css from "./Board.module.css";
import { type Column, fieldOf, type RegisterTask, shownIn, titleIn } from "./columns";
import { type Move, moveOf } from "./moves";

/** Cards that a column shows before one asks for more. */
const SHOWN = 50;
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
  const columns = [...context.droppableRects.entries()].sort(([, left], [, right]) => left.left - right.left);
  const at = columns.findIndex(([id]) => id === context.over?.id);
  const next = columns[Math.min(columns.length - 1, Math.max(0, at + by))];
  return next && { x: next[1].left + 8, y: next[1].top + 48 };
};

interface Props {
  form: Form;
  tasks: readonly RegisterTask[];
  /** Columns of the table, whose first fields a card shows. */
  fields: readonly Column[];
  templates: ReadonlyMap<number, TemplateField>;
  onOpen: (task: number) => void;
}

export default function Board({ form, tasks, fields, templates, onOpen }: Props) {
  const t = useT();
  const { me, outbox } = useSession();
  const { roles } = useDirectory();
  const pending = usePending();
  const mine = useMemo(
    () =>
      new Set([
        me.person,
        ...roles.filter((role) => role.member_ids?.includes(me.person)).map(({ id }) => id),
      ]),
    [me.person, roles],
  );
  const [dragged, setDragged] = useState<RegisterTask>();
  const [rejecting, setRejecting] = useState<RegisterTask>();
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, { keyboardCodes: CODES, coordinateGetter: nextColumn }),
  );
  const columns = useMemo(() => {
    const numbers = Object.keys(form.steps).map(Number);
    for (const task of tasks)
      if (!numbers.includes(task.current_step ?? 0)) numbers.push(task.current_step ?? 0);
    const byStep = new Map<number, RegisterTask[]>(numbers.map((number) => [number, []]));
    for (const task of tasks) byStep.get(task.current_step ?? 0)?.push(task);
    return [...byStep].sort(([left], [right]) => left - right);
  }, [form.steps, tasks]);
  const board = useRef<HTMLDivElement>(null);
  useFirstLane(
    board,
    columns.findIndex(([, rows]) => rows.length > 0),
  );
  const nameOf = (step: number) =>
    step === 0 ? t.register.board.none : (form.steps[String(step)] ?? t.fields.step(step));
  const titleOf = (task: RegisterTask | undefined) => (task ? task.text || `№ ${task.id}` : "");
  const waiting = new Set(
    pending
      .filter(
        ({ state, body }) =>
          state !== "refused" && (body as { approval_choice?: string } | undefined)?.approval_choice,
      )
      .map(({ task }) => task),
  );
  const moveTo = (task: RegisterTask, to: number): Move =>
    waiting.has(task.id) ? { kind: "none", why: "answered" } : moveOf(task, to, mine);

  const decide = (task: RegisterTask, approval_choice: "approved" | "rejected", text?: string) => {
    void outbox.add({
      method: "POST",
      path: `/v4/tasks/${task.id}/comments`,
      body: { approval_choice, ...(text?.trim() ? { text: text.trim() } : {}) },
      kind: "comment",
      task: task.id,
      title: task.text ?? "",
    });
    const title = titleOf(task);
    toast(
      approval_choice === "approved" ? t.register.board.approved(title) : t.register.board.rejected(title),
    );
  };
  const put = (task: RegisterTask | undefined, to: number | undefined) => {
    if (!task || to === undefined) return;
    const move = moveTo(task, to);
    if (move.kind === "approve") decide(task, "approved");
    else if (move.kind === "reject") setRejecting(task);
    else if (move.why !== "here") toast(t.register.board.why[move.why], { tone: "bad" });
  };
  const says: Announcements = {
    onDragStart: ({ active }) => t.register.board.dragged(titleOf(tasks.find(({ id }) => id === active.id))),
    onDragOver: ({ active, over }) => {
      const task = tasks.find(({ id }) => id === active.id);
      if (!over || !task) return undefined;
      const move = moveTo(task, stepOf(over.id));
      const why = move.kind === "none" ? t.register.board.why[move.why] : t.register.board[move.kind];
      return `${t.register.board.over(nameOf(stepOf(over.id)))}. ${why}`;
    },
    onDragEnd: ({ over }) =>
      over ? t.register.board.dropped(nameOf(stepOf(over.id))) : t.register.board.notDropped,
    onDragCancel: () => t.register.board.notDropped,
  };
  const shown = fields.flatMap(({ id }) => templates.get(fieldOf(id) ?? -1) ?? []).slice(0, 3);
  return (
    <>
      <DndContext
        sensors={sensors}
        collisionDetection={under}
        accessibility={{
          announcements: says,
          screenReaderInstructions: { draggable: t.register.board.drag },
        }}
        onDragStart={({ active }) => setDragged(tasks.find(({ id }) => id === active.id))}
        onDragCancel={() => setDragged(undefined)}
        onDragEnd={({ over }) => {
          put(dragged, over ? stepOf(over.id) : undefined);
          setDragged(undefined);
        }}
      >
        <div ref={board} className={css.board}>
          {columns.map(([step, rows]) => (
            <Lane
              key={step}
              form={form.name}
              step={step}
              name={nameOf(step)}
              tasks={rows}
              move={dragged && moveTo(dragged, step)}
              fields={shown}
              waiting={waiting}
              onOpen={onOpen}
              choices={(task) =>
                columns
                  .filter(([other]) => other !== step && other !== 0)
                  .map(([other]) => {
                    const move = moveTo(task, other);
                    return {
                      label: nameOf(other),
                      hint: move.kind === "none" ? t.register.board.why[move.why] : undefined,
                      disabled: move.kind === "none",
                      onChoose: () => put(task, other),
                    };
                  })
              }
            />
          ))}
        </div>
        <DragOverlay dropAnimation={null}>
          {dragged && (
            <div className={`${css.card} ${css.flying}`}>
              <CardText form={form.name} task={dragged} fields={shown} />
            </div>
          )}
        </DragOverlay>
      </DndContext>
      {rejecting && (
        <Rejecting
          title={titleOf(rejecting)}
          onClose={() => setRejecting(undefined)}
          onYes={(text) => {
            decide(rejecting, "rejected", text);
            setRejecting(undefined);
          }}
        />
      )}
    </>
  );
}

const stepOf = (id: unknown) => Number(String(id).replace("step-", ""));

function Lane({
  form,
  step,
  name,
  tasks,
  move,
  fields,
  waiting,
  onOpen,
  choices,
}: {
  form: string;
  step: number;
  name: string;
  tasks: RegisterTask[];
  /** What it would mean to put down here what is carried. */
  move: Move | undefined;
  fields: TemplateField[];
  waiting: ReadonlySet<number | undefined>;
  onOpen: (task: number) => void;
  choices: (
    task: RegisterTask,
  ) => { label: string; hint?: string; disabled?: boolean; onChoose: () => void }[];
}) {
  const t = useT();
  const [count, setCount] = useState(SHOWN);
  const { setNodeRef, isOver } = useDroppable({ id: `step-${step}` });
  const allowed = move && move.kind !== "none";
  return (
    <section
      ref={setNodeRef}
      className={[
        css.lane,
        allowed && css.allowed,
        isOver && allowed && css.over,
        move && !allowed && css.not,
      ]
        .filter(Boolean)
        .join(" ")}
      aria-label={name}
    >
      <header className={css.head}>
        <h2>{name}</h2>
        <span className={css.count}>{tasks.length}</span>
      </header>
      {move && !(move.kind === "none" && move.why === "here") && (
        <p className={css.why}>
          {move.kind === "none" ? t.register.board.why[move.why] : t.register.board[move.kind]}
        </p>
      )}
      <ul className={css.cards}>
        {tasks.slice(0, count).map((task) => (
          <Card
            form={form}
            key={task.id}
            task={task}
            fields={fields}
            waits={waiting.has(task.id)}
            onOpen={onOpen}
            choices={choices}
          />
        ))}
      </ul>
      {tasks.length > count && (
        <Button size="s" kind="quiet" onClick={() => setCount(count + SHOWN)}>
          {t.register.board.more}
        </Button>
      )}
    </section>
  );
}

function Card({
  form,
  task,
  fields,
  waits,
  onOpen,
  choices,
}: {
  form: string;
  task: RegisterTask;
  fields: TemplateField[];
  waits: boolean;
  onOpen: (task: number) => void;
  choices: (
    task: RegisterTask,
  ) => { label: string; hint?: string; disabled?: boolean; onChoose: () => void }[];
}) {
  const t = useT();
  const { setNodeRef, listeners, attributes, isDragging } = useDraggable({ id: task.id });
  const title = task.text || `№ ${task.id}`;
  return (
    <li className={`${css.item} ${isDragging ? css.gone : ""}`}>
      {/* biome-ignore lint/a11y/useSemanticElements: what is carried cannot be a button within others */}
      <div
        ref={setNodeRef}
        {...attributes}
        {...listeners}
        role="button"
        tabIndex={0}
        className={css.card}
        onClick={() => onOpen(task.id)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onOpen(task.id);
          else listeners?.onKeyDown?.(event);
        }}
      >
        <CardText form={form} task={task} fields={fields} waits={waits} />
      </div>
      <span className={css.tools}>
        <Menu
          label={t.register.board.move(title)}
          button={
            <IconButton label={t.register.board.move(title)}>
              <MoreHorizontal size={15} />
            </IconButton>
          }
          choices={choices(task)}
        />
      </span>
    </li>
  );
}

function CardText({
  form,
  task,
  fields,
  waits,
}: {
  form: string;
  task: RegisterTask;
  fields: TemplateField[];
  waits?: boolean;
}) {
  const t = useT();
  const format = useFormat();
  const title = titleIn(form, task);
  const asked = (task.approvals?.flat() ?? []).filter(
    (approval) => approval.step === task.current_step && isAwaited(approval),
  );
  return (
    <>
      <span className={css.title}>{title}</span>
      {fields.map((field) => {
        const value = shownIn(task, field.id);
        // What the title says already is not said again.
        if (!value || !hasValue(value) || title.includes(String(value.value))) return null;
        return (
          <span key={field.id} className={css.fact}>
            <span className="hidden">{field.name}: </span>
            <FieldValue field={value} template={field} compact />
          </span>
        );
      })}
      <span className={css.foot}>
        <span className={css.people}>
          {(asked.length > 0 ? asked.map(({ person }) => person) : [task.author])
            .slice(0, 4)
            .map((person) => (
              <Avatar key={person.id} person={person} size={20} />
            ))}
          <span className="hidden">
            {format.list(
              (asked.length > 0 ? asked.map(({ person }) => person) : [task.author]).map(format.person),
            )}
          </span>
        </span>
        {waits ? (
          <span className={css.waits} title={t.register.waits}>
            <Clock3 size={13} aria-hidden="true" />
            <span className="hidden">{t.register.waits}</span>
          </span>
        ) : (
          <time dateTime={task.last_modified_date}>{format.short(task.last_modified_date)}</time>
        )}
      </span>
    </>
  );
}

function Rejecting({
  title,
  onClose,
  onYes,
}: {
  title: string;
  onClose: () => void;
  onYes: (text: string) => void;
}) {
  const t = useT();
  const [text, setText] = useState("");
  return (
    <Dialog
      open
      onClose={onClose}
      size="s"
      title={title}
      foot={
        <>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="danger" onClick={() => onYes(text)}>
            {t.task.reject}
          </Button>
        </>
      }
    >
      <TextArea
        label={t.register.board.sureReject}
        value={text}
        autoFocus
        onChange={({ target }) => setText(target.value)}
      />
    </Dialog>
  );
}
