// The fields of a form: what can be added, how the form will look, and the properties of the chosen one. Dragged with a pointer, a
// thumb or the keyboard; on a phone also moved by a menu.

import {
  type Announcements,
  type CollisionDetection,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  type DragStartEvent,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { useNarrow } from "~/ui/narrow";
import { useDesigning } from "../context";
import { type Field, find, type Place } from "../model/doc";
import * as edit from "../model/edit";
import type { FieldType } from "../model/wire";
import { iconOf } from "../types";
import { Canvas } from "./Canvas";
import css from "./FieldsTab.module.css";
import { Palette } from "./Palette";
import { Properties } from "./Properties";
import { besides, nearestSlot, type SlotData } from "./slots";

export type Dragged = { key: string; field: Field } | { type: FieldType; field: Field };

export function FieldsTab() {
  const { designer: t } = useT();
  const { design, doc, chosen, choose } = useDesigning();
  const narrow = useNarrow();
  const [dragged, setDragged] = useState<Dragged>();
  const [adding, setAdding] = useState(false);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: besides }),
  );
  const field = chosen.field ? find(doc, chosen.field)?.field : undefined;

  const fresh = (type: FieldType) => edit.fresh(type, t.types[type]?.[0] ?? type, t.choiceName);
  const insert = (made: Field, place: Place, index: number) => {
    design.edit((now) => edit.insert(now, made, place, index));
    choose({ field: made.key });
  };
  /** Below the chosen field, in the section that is chosen, or at the end. */
  const add = (type: FieldType) => {
    const made = fresh(type);
    const at = chosen.field ? find(doc, chosen.field) : undefined;
    const inside: Place | undefined =
      at?.field.type === "title"
        ? { in: "section", key: at.field.key }
        : at?.field.type === "table"
          ? { in: "table", key: at.field.key }
          : undefined;
    if (inside && edit.fits(doc, made, inside))
      insert(made, inside, (at?.field.fields ?? at?.field.columns ?? []).length);
    else if (at && edit.fits(doc, made, at.place)) insert(made, at.place, at.index + 1);
    else insert(made, { in: "root" }, doc.fields.length);
    setAdding(false);
  };
  const start = ({ active }: DragStartEvent) => setDragged(active.data.current as Dragged);
  const end = ({ over }: DragEndEvent) => {
    const slot = over?.data.current as SlotData | undefined;
    if (dragged && slot) {
      if ("key" in dragged) {
        design.edit((now) => edit.move(now, dragged.key, slot.place, slot.index));
        choose({ field: dragged.key });
      } else insert(dragged.field, slot.place, slot.index);
    }
    setDragged(undefined);
  };
  const slots: CollisionDetection = (args) => nearestSlot(args);
  const name = (data: unknown) => (data as Dragged | undefined)?.field.name ?? "";
  const announcements: Announcements = {
    onDragStart: ({ active }) => t.drag(name(active.data.current)),
    onDragOver: ({ over }) => (over?.data.current as SlotData | undefined)?.label ?? t.doesNotFit,
    onDragEnd: ({ over }) => (over?.data.current as SlotData | undefined)?.label ?? t.doesNotFit,
    onDragCancel: () => undefined,
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={slots}
      onDragStart={start}
      onDragEnd={end}
      onDragCancel={() => setDragged(undefined)}
      accessibility={{ announcements, screenReaderInstructions: { draggable: t.dragHelp } }}
    >
      <div className={css.tab}>
        {!narrow && (
          <div className={css.palette}>
            <Palette onAdd={add} fresh={fresh} />
          </div>
        )}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: a press beside the fields chooses none; Escape does the same */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
        <div className={css.canvas} onClick={(event) => event.target === event.currentTarget && choose({})}>
          <Canvas dragged={dragged} />
          {narrow && (
            <div className={css.add}>
              <Button kind="primary" icon={<Plus size={16} />} onClick={() => setAdding(true)}>
                {t.addField}
              </Button>
            </div>
          )}
        </div>
        {!narrow && (
          <aside className={css.properties} aria-label={t.properties}>
            {field ? <Properties key={field.key} field={field} /> : <p className={css.none}>{t.choose}</p>}
          </aside>
        )}
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged && (
          <div className={css.lifted}>
            {iconOf(dragged.field.type)}
            <span>{dragged.field.name}</span>
          </div>
        )}
      </DragOverlay>
      {narrow && (
        <Dialog open={adding} onClose={() => setAdding(false)} title={t.addField}>
          <Palette onAdd={add} fresh={fresh} />
        </Dialog>
      )}
      {narrow && (
        <Dialog open={Boolean(field) && !adding} onClose={() => choose({})} title={field?.name || t.unnamed}>
          {field && <Properties key={field.key} field={field} />}
        </Dialog>
      )}
    </DndContext>
  );
}
