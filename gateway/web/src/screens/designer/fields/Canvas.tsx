// The form as it will look, with gaps in which a dragged field can be put down.

import { useDroppable } from "@dnd-kit/core";
import { LayoutList } from "lucide-react";
import { useEffect, useRef } from "react";
import { useT } from "~/i18n";
import { Empty } from "~/ui/Empty";
import { toast } from "~/ui/toast";
import { useDesigning } from "../context";
import { type Field, find, type Place } from "../model/doc";
import * as edit from "../model/edit";
import css from "./Canvas.module.css";
import { clipboard } from "./clipboard";
import { FieldCard } from "./FieldCard";
import type { Dragged } from "./FieldsTab";
import { type SlotData, slotId } from "./slots";

export function Canvas({ dragged }: { dragged: Dragged | undefined }) {
  const { designer: t } = useT();
  const { design, doc, chosen, choose } = useDesigning();
  const root = useRef<HTMLDivElement>(null);
  const { field: key } = chosen;

  useEffect(() => {
    if (!key) return;
    const card = root.current?.querySelector(`[data-field="${CSS.escape(key)}"]`);
    card?.scrollIntoView({ block: "nearest" });
  }, [key]);

  /** What one does with the chosen field by keys, as in any editor. */
  const onKeyDown = (event: React.KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (target.matches("input, textarea, select") || event.defaultPrevented) return;
    const mod = event.ctrlKey || event.metaKey;
    const at = key ? find(doc, key) : undefined;
    const done = () => event.preventDefault();
    if (mod && event.code === "KeyV") {
      const pasted = clipboard.read();
      if (!pasted) return;
      done();
      const made = edit.copyOf(pasted);
      const fits = at && edit.fits(doc, made, at.place);
      design.edit((now) =>
        fits
          ? edit.insert(now, made, at.place, at.index + 1)
          : edit.insert(now, made, { in: "root" }, now.fields.length),
      );
      choose({ field: made.key });
      toast(t.pasted(made.name));
      return;
    }
    if (!at) return;
    const { field } = at;
    if (mod && (event.code === "KeyC" || event.code === "KeyX")) {
      if (!getSelection()?.isCollapsed && event.code === "KeyC") return;
      done();
      clipboard.write(field);
      if (event.code === "KeyX") removeField(field);
      else toast(t.copied(field.name));
    } else if (mod && event.code === "KeyD") {
      done();
      const made = edit.copyOf(field);
      design.edit((now) => edit.insert(now, made, at.place, at.index + 1));
      choose({ field: made.key });
    } else if (event.key === "Delete" || event.key === "Backspace") {
      done();
      removeField(field);
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      done();
      design.edit((now) => edit.nudge(now, field.key, event.key === "ArrowUp" ? -1 : 1));
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      done();
      const picks = [...(root.current?.querySelectorAll<HTMLElement>("[data-pick]") ?? [])];
      const next = picks[picks.indexOf(target) + (event.key === "ArrowDown" ? 1 : -1)];
      next?.focus();
      next?.click();
    } else if (event.key === "Escape") choose({});
  };
  const removeField = (field: Field) => {
    design.edit((now) => edit.remove(now, field.key));
    choose({});
    toast(t.removed(field.name), { action: { label: t.undo, run: () => design.undo() } });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the chosen field, which has the focus inside
    <div className={css.sheet} ref={root} onKeyDown={onKeyDown}>
      <h2 className="hidden">{t.canvas}</h2>
      {doc.fields.length === 0 && !dragged ? (
        <Empty icon={<LayoutList size={24} />} title={t.empty}>
          {t.emptyHint}
        </Empty>
      ) : (
        <FieldList fields={doc.fields} place={{ in: "root" }} dragged={dragged} onRemove={removeField} />
      )}
    </div>
  );
}

interface ListProps {
  fields: Field[];
  place: Place;
  dragged: Dragged | undefined;
  /** What it says while nothing lies in it. */
  empty?: string;
  /** Beside each other, as columns. */
  across?: boolean;
  onRemove: (field: Field) => void;
}

export function FieldList({ fields, place, dragged, empty, across, onRemove }: ListProps) {
  return (
    <div className={`${css.list} ${across ? css.across : ""}`}>
      <Slot
        place={place}
        index={0}
        dragged={dragged}
        after={undefined}
        alone={fields.length === 0 ? empty : undefined}
      />
      {fields.map((field, index) => (
        <div key={field.key} className={css.item}>
          <FieldCard field={field} place={place} dragged={dragged} onRemove={onRemove} />
          <Slot place={place} index={index + 1} dragged={dragged} after={field} />
        </div>
      ))}
    </div>
  );
}

function Slot({
  place,
  index,
  dragged,
  after,
  alone,
}: {
  place: Place;
  index: number;
  dragged: Dragged | undefined;
  after: Field | undefined;
  alone?: string;
}) {
  const { designer: t } = useT();
  const { doc } = useDesigning();
  const fits = dragged !== undefined && edit.fits(doc, dragged.field, place);
  const label = `${after ? `${after.name || t.unnamed} ↓` : t.top} ${index + 1}`;
  const data: SlotData = { place, index, label };
  const { setNodeRef, isOver } = useDroppable({ id: slotId(place, index), data, disabled: !fits });
  return (
    <div
      ref={setNodeRef}
      className={`${css.slot} ${isOver ? css.over : ""} ${alone ? css.alone : ""}`}
      aria-hidden={alone ? undefined : "true"}
    >
      {alone}
    </div>
  );
}
