// The types of fields: pressed to be added, dragged to their place.

import { useDraggable } from "@dnd-kit/core";
import { useState } from "react";
import { useT } from "~/i18n";
import type { Field } from "../model/doc";
import type { FieldType } from "../model/wire";
import { GROUPS, iconOf } from "../types";
import css from "./Palette.module.css";

interface Props {
  onAdd: (type: FieldType) => void;
  fresh: (type: FieldType) => Field;
}

export function Palette({ onAdd, fresh }: Props) {
  const { designer: t } = useT();
  return (
    <section className={css.all} aria-label={t.palette}>
      <p className={css.hint}>{t.paletteHint}</p>
      {GROUPS.map(({ id, types }) => (
        <div key={id} className={css.group}>
          <h2>{t.groups[id]}</h2>
          <ul>
            {types.map((type) => (
              <li key={type}>
                <Type type={type} onAdd={onAdd} fresh={fresh} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function Type({ type, onAdd, fresh }: { type: FieldType } & Props) {
  const { designer: t } = useT();
  const [name = type, hint] = t.types[type] ?? [];
  // Each time it is dragged it is another field.
  const [field, setField] = useState(() => fresh(type));
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: `new:${type}`, data: { type, field } });
  return (
    <button
      type="button"
      ref={setNodeRef}
      className={`${css.type} ${isDragging ? css.dragging : ""}`}
      {...listeners}
      // The keyboard adds by pressing: the place is changed afterwards.
      onKeyDown={undefined}
      onPointerUp={() => setField(fresh(type))}
      onClick={() => onAdd(type)}
      title={hint}
    >
      {iconOf(type)}
      <span className={css.name}>{name}</span>
      <small>{hint}</small>
    </button>
  );
}
