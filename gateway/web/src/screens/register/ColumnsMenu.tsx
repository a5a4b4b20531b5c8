// Which columns a register has, and in which order.

import { ArrowDown, ArrowUp, Columns3 } from "lucide-react";
import type { TemplateField } from "~/api/types";
import { useT } from "~/i18n";
import { Button, IconButton } from "~/ui/Button";
import { Checkbox } from "~/ui/Field";
import { Popover } from "~/ui/Popover";
import css from "./ColumnsMenu.module.css";
import { type Column, type ColumnId, OWN, widthOf } from "./columns";

interface Props {
  columns: readonly Column[];
  fields: readonly TemplateField[];
  nameOf: (column: ColumnId) => string;
  /** Nothing: as at the beginning. */
  onChange: (columns: Column[] | undefined) => void;
}

export function ColumnsMenu({ columns, fields, nameOf, onChange }: Props) {
  const t = useT();
  const others = [...OWN, ...fields.map(({ id }) => `f${id}` as const)].filter(
    (id) => !columns.some((column) => column.id === id),
  );
  const fieldOf = (id: ColumnId) => fields.find((field) => `f${field.id}` === id);
  const move = (from: number, to: number) => {
    const next = [...columns];
    const [column] = next.splice(from, 1);
    if (column) next.splice(to, 0, column);
    onChange(next);
  };
  return (
    <Popover
      label={t.register.chooseColumns}
      placement="bottom-end"
      button={
        <Button size="s" kind="quiet" icon={<Columns3 size={14} />} className={css.button}>
          {t.register.chooseColumns}
        </Button>
      }
    >
      <ul className={css.list}>
        {/* One list, so that the focus stays where a column is taken or left out. */}
        {[...columns.map(({ id }) => id), ...others].map((id, at) => {
          const column = columns[at];
          return (
            <li key={id} className={css.row}>
              <Checkbox
                label={nameOf(id)}
                checked={column !== undefined}
                disabled={column !== undefined && columns.length === 1}
                onChange={() =>
                  onChange(
                    column
                      ? columns.filter((other) => other !== column)
                      : [...columns, { id, width: widthOf(id, fieldOf(id)) }],
                  )
                }
              />
              {column && (
                <span className={css.moves}>
                  <IconButton
                    label={t.register.moveLeft(nameOf(id))}
                    disabled={at === 0}
                    onClick={() => move(at, at - 1)}
                  >
                    <ArrowUp size={14} />
                  </IconButton>
                  <IconButton
                    label={t.register.moveRight(nameOf(id))}
                    disabled={at === columns.length - 1}
                    onClick={() => move(at, at + 1)}
                  >
                    <ArrowDown size={14} />
                  </IconButton>
                </span>
              )}
            </li>
          );
        })}
      </ul>
      <Button size="s" onClick={() => onChange(undefined)}>
        {t.register.resetColumns}
      </Button>
    </Popover>
  );
}
