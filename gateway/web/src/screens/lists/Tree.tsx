// The lists as a tree: folded, opened, and moved by dragging one onto another. Whatever dragging does, the menu of a list does too.

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
import { ChevronRight, ListTree, MoreHorizontal, Pencil, Plus, Trash2 } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { useActions } from "~/app/actions";
import { Opening } from "~/app/Opening";
import { useTitle } from "~/app/title";
import { useT } from "~/i18n";
import { useRecent } from "~/store/recent";
import { Button, IconButton } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Empty } from "~/ui/Empty";
import { Menu } from "~/ui/Menu";
import { ProblemNote, useProblemText } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import { Dot } from "./Dot";
import { ListDialog } from "./ListDialog";
import css from "./Lists.module.css";
import { type List, manages, mayMove, pathTo, type Row, rowsOf } from "./tree";
import { useAsker, useDeleteList, useLists, useWriteList } from "./useLists";

type Asked = { kind: "make"; parent: number } | { kind: "edit"; list: List } | { kind: "delete"; list: List };

export function Tree({ chosen }: { chosen: number | undefined }) {
  const t = useT();
  const { lists, known, error, isPending, refetch } = useLists();
  const asker = useAsker();
  const [foldedIds, setFolded] = useRecent<number>("folded-lists");
  const folded = new Set(foldedIds);
  const [asked, setAsked] = useState<Asked>();
  const [dragged, setDragged] = useState<number>();
  const write = useWriteList();
  const problem = useProblemText();
  const root = useRef<HTMLUListElement>(null);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
  );
  useActions([
    { id: "lists.make", label: t.lists.make, keys: "n", run: () => setAsked({ kind: "make", parent: 0 }) },
  ]);
  useTitle(t.lists.title);
  const rows = rowsOf(lists, folded);
  const name = (id: unknown) => pathTo(lists, Number(id)).at(-1)?.name ?? t.lists.top;
  const fold = (id: number, to: boolean) =>
    setFolded((before) => (to ? [...before, id] : before.filter((other) => other !== id)));
  const says: Announcements = {
    onDragStart: ({ active }) => t.lists.dragged(name(active.id)),
    onDragOver: ({ over }) => (over ? t.lists.over(name(over.id)) : undefined),
    onDragEnd: ({ over }) => (over ? t.lists.dropped(name(over.id)) : t.lists.notDropped),
    onDragCancel: () => t.lists.notDropped,
  };

  const move = (event: KeyboardEvent) => {
    const links = [...(root.current?.querySelectorAll<HTMLElement>("a[data-list]") ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    const row = rows[at];
    if (!row) return;
    if (event.key === "ArrowDown") links[Math.min(at + 1, links.length - 1)]?.focus();
    else if (event.key === "ArrowUp") links[Math.max(at - 1, 0)]?.focus();
    else if (event.key === "ArrowRight") fold(row.list.id, false);
    else if (event.key === "ArrowLeft") fold(row.list.id, true);
    else return;
    event.preventDefault();
  };

  return (
    <section className={css.side} aria-label={t.lists.tree}>
      <header className={css.sideHead}>
        <h1>{t.lists.title}</h1>
        <IconButton label={t.lists.make} onClick={() => setAsked({ kind: "make", parent: 0 })}>
          <Plus size={18} />
        </IconButton>
      </header>
      {error && !known ? <ProblemNote error={error} onRetry={() => void refetch()} /> : null}
      {isPending && !error ? <Opening /> : null}
      {known && rows.length === 0 && (
        <Empty
          icon={<ListTree size={24} />}
          title={t.lists.none}
          action={
            <Button kind="primary" onClick={() => setAsked({ kind: "make", parent: 0 })}>
              {t.lists.make}
            </Button>
          }
        >
          {t.lists.noneHint}
        </Empty>
      )}
      <DndContext
        sensors={sensors}
        // Where the finger is, not what the flying name covers.
        collisionDetection={pointerWithin}
        accessibility={{ announcements: says }}
        onDragStart={({ active }) => setDragged(Number(active.id))}
        onDragCancel={() => setDragged(undefined)}
        onDragEnd={({ active, over }) => {
          setDragged(undefined);
          const [id, under] = [Number(active.id), Number(over?.id)];
          if (!over || !mayMove(lists, id, under, asker)) return;
          write.mutate(
            { id, parent_id: under },
            { onError: (failure) => toast(problem(failure), { tone: "bad" }) },
          );
        }}
      >
        <ul ref={root} className={css.tree} onKeyDown={move}>
          {rows.map((row) => (
            <Item
              key={row.list.id}
              row={row}
              here={row.list.id === chosen}
              drags={manages(lists, row.list.id, asker)}
              takes={dragged !== undefined && mayMove(lists, dragged, row.list.id, asker)}
              onFold={() => fold(row.list.id, row.open)}
              onAsk={setAsked}
            />
          ))}
        </ul>
        {dragged !== undefined && mayMove(lists, dragged, 0, asker) && <Top />}
        <DragOverlay dropAnimation={null}>
          {dragged !== undefined && <span className={css.flying}>{name(dragged)}</span>}
        </DragOverlay>
      </DndContext>
      {(asked?.kind === "make" || asked?.kind === "edit") && (
        <ListDialog
          list={asked.kind === "edit" ? asked.list : undefined}
          parent={asked.kind === "make" ? asked.parent : undefined}
          onClose={() => setAsked(undefined)}
        />
      )}
      {asked?.kind === "delete" && <DeleteDialog list={asked.list} onClose={() => setAsked(undefined)} />}
    </section>
  );
}

function Item({
  row: { list, depth, open },
  here,
  drags,
  takes,
  onFold,
  onAsk,
}: {
  row: Row;
  here: boolean;
  drags: boolean;
  takes: boolean;
  onFold: () => void;
  onAsk: (asked: Asked) => void;
}) {
  const t = useT();
  const drag = useDraggable({ id: list.id, disabled: !drags });
  const drop = useDroppable({ id: list.id, disabled: !takes });
  const parts = (list.children ?? []).some(({ deleted }) => !deleted);
  return (
    <li
      ref={drop.setNodeRef}
      className={`${css.item} ${here ? css.here : ""} ${drop.isOver ? css.over : ""} ${drag.isDragging ? css.dragging : ""}`}
      style={{ "--depth": Math.min(depth, 8) } as React.CSSProperties}
    >
      {parts ? (
        <button
          type="button"
          className={`${css.fold} ${open ? css.unfolded : ""}`}
          aria-expanded={open}
          aria-label={open ? t.lists.fold(list.name) : t.lists.unfold(list.name)}
          onClick={onFold}
        >
          <ChevronRight size={15} />
        </button>
      ) : (
        <span className={css.fold} />
      )}
      <Link
        href={`/lists/${list.id}`}
        data-list
        ref={drag.setNodeRef}
        onPointerDown={drag.listeners?.onPointerDown as never}
        onTouchStart={drag.listeners?.onTouchStart as never}
        draggable={false}
        className={css.name}
        aria-current={here ? "page" : undefined}
      >
        <Dot list={list} />
        <span>{list.name || `№ ${list.id}`}</span>
        {list.list_type !== "org_wide" && <span className="hidden">{t.lists.isPrivate}</span>}
      </Link>
      {drags && (
        <Menu
          label={t.lists.actions(list.name)}
          button={
            <IconButton label={t.lists.actions(list.name)} className={css.dots}>
              <MoreHorizontal size={16} />
            </IconButton>
          }
          choices={[
            {
              label: t.lists.edit,
              icon: <Pencil size={15} />,
              onChoose: () => onAsk({ kind: "edit", list }),
            },
            {
              label: t.lists.makeBelow,
              icon: <Plus size={15} />,
              onChoose: () => onAsk({ kind: "make", parent: list.id }),
            },
            null,
            {
              label: t.common.delete,
              icon: <Trash2 size={15} />,
              danger: true,
              onChoose: () => onAsk({ kind: "delete", list }),
            },
          ]}
        />
      )}
    </li>
  );
}

function Top() {
  const t = useT();
  const { setNodeRef, isOver } = useDroppable({ id: 0 });
  return (
    <div ref={setNodeRef} className={`${css.top} ${isOver ? css.over : ""}`}>
      {t.lists.top}
    </div>
  );
}

function DeleteDialog({ list, onClose }: { list: List; onClose: () => void }) {
  const t = useT();
  const [at, go] = useLocation();
  const remove = useDeleteList();
  const write = useWriteList();
  return (
    <Dialog
      open
      size="s"
      title={t.lists.deleteSure(list.name)}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button
            kind="danger"
            busy={remove.isPending}
            onClick={() =>
              remove.mutate(list.id, {
                onSuccess: () => {
                  toast(t.lists.deleted(list.name), {
                    action: {
                      label: t.lists.restore,
                      run: () => write.mutate({ id: list.id, deleted: false }),
                    },
                  });
                  if (at === `/lists/${list.id}`) go("/lists");
                  onClose();
                },
              })
            }
          >
            {t.common.delete}
          </Button>
        </>
      }
    >
      <p>{t.lists.deleteHint}</p>
      <ProblemNote error={remove.error} />
    </Dialog>
  );
}
