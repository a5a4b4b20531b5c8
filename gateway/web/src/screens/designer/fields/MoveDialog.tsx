// To where a field shall go, from a list: for those who do not drag.

import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { useDesigning } from "../context";
import { type Field, type Place, placed } from "../model/doc";
import * as edit from "../model/edit";
import css from "./Canvas.module.css";

interface Target {
  place: Place;
  label: string;
  size: number;
}

export function MoveDialog({ field, onClose }: { field: Field; onClose: () => void }) {
  const { designer: t } = useT();
  const { design, doc } = useDesigning();
  const places: Target[] = [
    { place: { in: "root" } as Place, label: t.top, size: doc.fields.length },
    ...placed(doc).flatMap(({ field: holder }) => [
      ...(holder.fields
        ? [
            {
              place: { in: "section", key: holder.key } as Place,
              label: holder.name,
              size: holder.fields.length,
            },
          ]
        : []),
      ...(holder.columns
        ? [
            {
              place: { in: "table", key: holder.key } as Place,
              label: holder.name,
              size: holder.columns.length,
            },
          ]
        : []),
      ...(holder.options ?? []).map((choice) => ({
        place: { in: "choice", key: choice.key } as Place,
        label: `${holder.name}: ${choice.choice_value}`,
        size: choice.fields.length,
      })),
    ]),
  ].filter(({ place }) => edit.fits(doc, field, place));
  return (
    <Dialog open onClose={onClose} title={t.moveTo} size="s">
      <ul className={css.places}>
        {places.map(({ place, label, size }) => (
          <li key={`${place.in} ${"key" in place ? place.key : ""}`}>
            <Button
              kind="quiet"
              onClick={() => {
                design.edit((now) => edit.move(now, field.key, place, size));
                onClose();
              }}
            >
              {label || t.unnamed}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
