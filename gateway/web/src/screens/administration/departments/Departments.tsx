// The departments as a tree: made, renamed, given a manager, moved by drag or by choice, and taken away.

import {
  DndContext,
  type DragEndEvent,
  PointerSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Building2, Ellipsis, GripVertical, Pencil, Plus, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { api, good } from "~/api/client";
import { useActions } from "~/app/actions";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { contactsQuery, useDirectory } from "~/store/directory";
import { Avatar } from "~/ui/Avatar";
import { Button, IconButton } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Empty } from "~/ui/Empty";
import { Menu } from "~/ui/Menu";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage } from "~/ui/Sections";
import { toast } from "~/ui/toast";
import { departmentsQuery } from "../members/member";
import { DepartmentDialog, type Opened } from "./DepartmentDialog";
import css from "./departments.module.css";
import { type Department, rowsOf, type TreeRow, within } from "./tree";

/** How far a pointer goes before it drags, in pixels. */
const DRAGS_AFTER = 6;
const TOP = 0;

export default function Departments() {
  const t = useT();
  const cache = useQueryClient();
  const directory = useDirectory();
  const { data, error, refetch } = useQuery(departmentsQuery);
  const [open, setOpen] = useState<Opened>();
  const [removing, setRemoving] = useState<Department>();
  const [dragged, setDragged] = useState<number>();
  const departments = data?.departments ?? [];
  const rows = useMemo(() => rowsOf(data?.departments ?? []), [data]);
  const sizes = useMemo(() => {
    const count = new Map<number, number>();
    for (const { department_id: id } of directory.people) if (id) count.set(id, (count.get(id) ?? 0) + 1);
    return count;
  }, [directory]);
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: DRAGS_AFTER } }));
  const refresh = async () => {
    await cache.invalidateQueries({ queryKey: departmentsQuery.queryKey });
    void cache.invalidateQueries({ queryKey: contactsQuery.queryKey });
    void cache.invalidateQueries({ queryKey: ["members"] });
  };
  const nameOf = (id: number) =>
    departments.find((department) => department.id === id)?.department_name ?? t.organisation.departments.top;
  const move = useMutation({
    mutationFn: ({ id, to }: { id: number; to: number }) =>
      good(api.POST("/v4/orgchart/{id}", { params: { path: { id } }, body: { parent_id: to } })),
    onSuccess: (_, { id, to }) => {
      toast(t.organisation.departments.moved(nameOf(id), nameOf(to)));
      return refresh();
    },
  });
  useActions([
    {
      id: "administration.add_department",
      label: t.organisation.departments.add,
      keys: "n",
      run: () => setOpen({ parent: TOP }),
    },
  ]);
  const inside = dragged === undefined ? undefined : within(departments, dragged);
  const drop = ({ active, over }: DragEndEvent) => {
    setDragged(undefined);
    if (!over) return;
    const [id, to] = [Number(active.id), Number(over.id)];
    const before = departments.find((department) => department.id === id);
    if (before && to !== (before.parent_id ?? TOP) && !within(departments, id).has(to))
      move.mutate({ id, to });
  };
  return (
    <SectionPage
      title={t.administration.sections.departments}
      note={t.organisation.departments.hint}
      width="text"
      actions={
        <Button kind="primary" icon={<Plus size={16} />} onClick={() => setOpen({ parent: TOP })}>
          {t.organisation.departments.add}
        </Button>
      }
    >
      <ProblemNote error={error ?? move.error} onRetry={error ? () => void refetch() : undefined} />
      {!data && !error && <Opening />}
      {data && rows.length === 0 && (
        <Empty icon={<Building2 size={24} />} title={t.organisation.departments.none}>
          {t.organisation.departments.noneHint}
        </Empty>
      )}
      {rows.length > 0 && (
        <DndContext
          sensors={sensors}
          onDragStart={({ active }) => setDragged(Number(active.id))}
          onDragCancel={() => setDragged(undefined)}
          onDragEnd={drop}
        >
          <ul className={css.tree}>
            {rows.map((row) => (
              <DepartmentRow
                key={row.department.id}
                row={row}
                size={sizes.get(row.department.id) ?? 0}
                barred={inside?.has(row.department.id) ?? false}
                onOpen={setOpen}
                onRemove={setRemoving}
              />
            ))}
          </ul>
          {dragged !== undefined && <TopDrop />}
        </DndContext>
      )}
      <DepartmentDialog
        opened={open}
        departments={departments}
        onClose={() => setOpen(undefined)}
        onDone={refresh}
      />
      <Confirm
        open={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={t.organisation.departments.removeOne(removing?.department_name ?? "")}
        yes={t.organisation.departments.remove}
        onYes={async () => {
          await good(api.DELETE("/v4/orgchart/{id}", { params: { path: { id: removing?.id ?? 0 } } }));
          await refresh();
        }}
      >
        <p>
          {departments.some(({ parent_id }) => parent_id === removing?.id)
            ? t.organisation.departments.removeFirst
            : t.organisation.departments.removeHint}
        </p>
      </Confirm>
    </SectionPage>
  );
}

interface RowProps {
  row: TreeRow;
  size: number;
  /** What is dragged cannot be put here. */
  barred: boolean;
  onOpen: (opened: Opened) => void;
  onRemove: (department: Department) => void;
}

function DepartmentRow({ row: { department, depth }, size, barred, onOpen, onRemove }: RowProps) {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const drag = useDraggable({ id: department.id });
  const drop = useDroppable({ id: department.id, disabled: barred });
  const manager = department.manager_id ? directory.get(department.manager_id) : undefined;
  const name = department.department_name;
  const classes = [css.row, drop.isOver && css.over, drag.isDragging && css.dragged]
    .filter(Boolean)
    .join(" ");
  return (
    <li
      ref={drop.setNodeRef}
      className={classes}
      style={{
        paddingInlineStart: `calc(${Math.min(depth, 8)} * var(--s5))`,
        transform: drag.transform ? `translate(${drag.transform.x}px, ${drag.transform.y}px)` : undefined,
      }}
    >
      {/* Whoever does not drag chooses in the dialog where it belongs. */}
      <span ref={drag.setNodeRef} {...drag.listeners} className={css.grip} aria-hidden="true">
        <GripVertical size={16} />
      </span>
      <button type="button" className={css.name} onClick={() => onOpen({ department })}>
        <span>{name}</span>
        <small>
          {[manager && format.person(manager), t.organisation.departments.people(size)]
            .filter(Boolean)
            .join(" · ")}
        </small>
      </button>
      {manager && <Avatar person={manager} size={24} />}
      <Menu
        button={
          <IconButton label={`${t.common.more}: ${name}`}>
            <Ellipsis size={18} />
          </IconButton>
        }
        choices={[
          { label: t.common.edit, icon: <Pencil size={15} />, onChoose: () => onOpen({ department }) },
          {
            label: t.organisation.departments.addBelow,
            icon: <Plus size={15} />,
            onChoose: () => onOpen({ parent: department.id }),
          },
          null,
          {
            label: t.organisation.departments.remove,
            icon: <Trash2 size={15} />,
            danger: true,
            onChoose: () => onRemove(department),
          },
        ]}
      />
    </li>
  );
}

function TopDrop() {
  const t = useT();
  const { setNodeRef, isOver } = useDroppable({ id: TOP });
  return (
    <div ref={setNodeRef} className={`${css.top} ${isOver ? css.over : ""}`}>
      {t.organisation.departments.dropTop}
    </div>
  );
}
