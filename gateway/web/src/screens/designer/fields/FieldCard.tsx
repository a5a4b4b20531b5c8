// One field on the canvas: as it will look, with a handle to move it and a menu for the rest.

import { useDraggable } from "@dnd-kit/core";
import {
  ArrowDown,
  ArrowUp,
  Copy,
  CopyPlus,
  CornerDownRight,
  Ellipsis,
  Eye,
  GripVertical,
  Sigma,
  Trash2,
  TriangleAlert,
} from "lucide-react";
import { useState } from "react";
import { useT } from "~/i18n";
import { IconButton } from "~/ui/Button";
import { Menu } from "~/ui/Menu";
import { toast } from "~/ui/toast";
import { useInWords } from "../conditions/words";
import { useDesigning } from "../context";
import { type Field, find, type Place } from "../model/doc";
import * as edit from "../model/edit";
import { iconOf } from "../types";
import { FieldList } from "./Canvas";
import css from "./Canvas.module.css";
import { clipboard } from "./clipboard";
import type { Dragged } from "./FieldsTab";
import { MoveDialog } from "./MoveDialog";
import { Preview } from "./Preview";

interface Props {
  field: Field;
  place: Place;
  dragged: Dragged | undefined;
  onRemove: (field: Field) => void;
}

export function FieldCard({ field, place, dragged, onRemove }: Props) {
  const { designer: t, common } = useT();
  const { design, chosen, choose, flaws, saving } = useDesigning();
  const words = useInWords();
  const [moving, setMoving] = useState(false);
  const { setNodeRef, listeners, attributes, isDragging } = useDraggable({
    id: field.key,
    data: { key: field.key, field },
  });
  const { onKeyDown, ...pointer } = listeners ?? {};
  const here = chosen.field === field.key;
  const wrong =
    flaws.some(({ where }) => where.field === field.key) ||
    (saving.state === "refused" && saving.where?.field === field.key);
  const name = field.name || t.unnamed;
  const duplicate = () => {
    const made = edit.copyOf(field);
    design.edit((now) => {
      const at = find(now, field.key);
      return at ? edit.insert(now, made, at.place, at.index + 1) : now;
    });
    choose({ field: made.key });
  };
  return (
    <div
      ref={setNodeRef}
      data-field={field.key}
      className={`${css.card} ${here ? css.here : ""} ${wrong ? css.wrong : ""} ${isDragging ? css.dragging : ""}`}
      {...pointer}
    >
      <div className={css.head}>
        <button
          type="button"
          data-pick
          className={`${css.pick} ${field.type === "title" ? css.section : ""}`}
          aria-pressed={here}
          onClick={() => choose({ field: field.key })}
        >
          <span className={css.icon} aria-hidden="true">
            {iconOf(field.type)}
          </span>
          <span className={css.name}>{name}</span>
          {field.required_step !== undefined && (
            <span className={css.required} title={`${t.required} ${field.required_step}`}>
              *<span className="hidden">{`${t.required} ${field.required_step}`}</span>
            </span>
          )}
        </button>
        <span className={css.marks}>
          {wrong && (
            <span className={css.bad} title={t.problems(1)}>
              <TriangleAlert size={14} aria-label={t.problems(1)} />
            </span>
          )}
          {field.visible_if && (
            <span title={`${t.visibleIf}: ${words(field.visible_if)}`}>
              <Eye size={14} aria-label={`${t.visibleIf}: ${words(field.visible_if)}`} />
            </span>
          )}
          {field.formula && (
            <span title={`${t.formula}: ${field.formula}`}>
              <Sigma size={14} aria-label={`${t.formula}: ${field.formula}`} />
            </span>
          )}
        </span>
        <span className={css.tools}>
          <IconButton
            label={t.drag(name)}
            className={css.handle}
            {...attributes}
            onKeyDown={onKeyDown as React.KeyboardEventHandler}
          >
            <GripVertical size={16} />
          </IconButton>
          <Menu
            label={name}
            button={
              <IconButton label={`${common.more}: ${name}`}>
                <Ellipsis size={16} />
              </IconButton>
            }
            choices={[
              {
                label: t.moveUp,
                icon: <ArrowUp size={16} />,
                hint: "Alt ↑",
                onChoose: () => design.edit((now) => edit.nudge(now, field.key, -1)),
              },
              {
                label: t.moveDown,
                icon: <ArrowDown size={16} />,
                hint: "Alt ↓",
                onChoose: () => design.edit((now) => edit.nudge(now, field.key, 1)),
              },
              { label: t.moveInto, icon: <CornerDownRight size={16} />, onChoose: () => setMoving(true) },
              null,
              { label: t.duplicate, icon: <CopyPlus size={16} />, hint: "Ctrl D", onChoose: duplicate },
              {
                label: t.copy,
                icon: <Copy size={16} />,
                hint: "Ctrl C",
                onChoose: () => {
                  clipboard.write(field);
                  toast(t.copied(name));
                },
              },
              null,
              {
                label: common.remove,
                icon: <Trash2 size={16} />,
                danger: true,
                onChoose: () => onRemove(field),
              },
            ]}
          />
        </span>
      </div>
      {field.type === "title" ? (
        <div className={css.inner}>
          <FieldList
            fields={field.fields ?? []}
            place={{ in: "section", key: field.key }}
            dragged={dragged}
            empty={t.emptySection}
            onRemove={onRemove}
          />
        </div>
      ) : field.type === "table" ? (
        <div className={css.table}>
          <FieldList
            fields={field.columns ?? []}
            place={{ in: "table", key: field.key }}
            dragged={dragged}
            empty={t.emptyTable}
            across
            onRemove={onRemove}
          />
        </div>
      ) : (
        <Preview field={field} cell={place.in === "table"} />
      )}
      {place.in !== "table" &&
        field.options?.map((choice) =>
          choice.fields.length > 0 || dragged || here ? (
            <div key={choice.key} className={css.choice}>
              <p className={css.choiceName}>{t.fieldsOfChoice(choice.choice_value)}</p>
              <FieldList
                fields={choice.fields}
                place={{ in: "choice", key: choice.key }}
                dragged={dragged}
                empty={t.emptySection}
                onRemove={onRemove}
              />
            </div>
          ) : null,
        )}
      {field.tooltip && field.type !== "note" && place.in !== "table" && (
        <p className={css.hint}>{field.tooltip}</p>
      )}
      {moving && <MoveDialog field={field} onClose={() => setMoving(false)} />}
    </div>
  );
}
