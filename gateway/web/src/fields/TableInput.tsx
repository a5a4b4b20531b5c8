// A table of a form, filled in row by row. With a thumb each row is a card.

import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import type { TemplateField } from "~/api/types";
import { useT } from "~/i18n";
import { Button, IconButton } from "~/ui/Button";
import { FieldInput } from "./FieldInput";
import css from "./TableInput.module.css";
import type { FieldError } from "./validate";
import type { Row } from "./values";

interface Props {
  template: TemplateField;
  rows: Row[];
  onChange: (rows: Row[]) => void;
  error?: FieldError;
  required?: boolean;
  disabled?: boolean;
}

export function TableInput({ template, rows, onChange, error, required, disabled }: Props) {
  const t = useT();
  const id = useId();
  const columns = template.info.columns ?? [];
  const cells = typeof error === "object" ? error.cells : undefined;
  const said = typeof error === "string" ? error : error?.message;
  const put = (at: number, row: Row) => onChange(rows.map((other, index) => (index === at ? row : other)));
  const frame = useRef<HTMLFieldSetElement>(null);
  const wanted = useRef<(() => HTMLElement | null | undefined | false) | undefined>(undefined);
  useEffect(() => {
    const next = wanted.current?.();
    if (next) next.focus();
    wanted.current = undefined;
  });
  /** Where a row was, the focus stays: at what takes the next one out, or at what adds one. */
  const remove = (at: number) => {
    wanted.current = () => {
      const buttons = frame.current?.querySelectorAll<HTMLElement>("[data-removes]") ?? [];
      return (
        buttons[Math.min(at, buttons.length - 1)] ?? frame.current?.querySelector<HTMLElement>("[data-adds]")
      );
    };
    onChange(rows.filter((_, index) => index !== at));
  };
  /** With keys one goes on in the row that was added; with a thumb no keyboard covers it unasked. */
  const add = () => {
    wanted.current = () =>
      matchMedia("(pointer: fine)").matches &&
      frame.current?.querySelector<HTMLElement>("tbody tr:last-child :is(input, textarea, select, button)");
    onChange([...rows, { row_id: nextRow(rows), cells: {} }]);
  };
  const move = (from: number, to: number) => {
    const next = [...rows];
    const [row] = next.splice(from, 1);
    if (row) next.splice(to, 0, row);
    onChange(next);
  };
  return (
    <fieldset ref={frame} className={css.field} aria-describedby={said ? `${id}-error` : undefined}>
      <legend className={css.label}>
        {template.name}
        {required && (
          <span className={css.required} aria-hidden="true">
            {" *"}
          </span>
        )}
      </legend>
      {template.tooltip && <p className={css.hint}>{template.tooltip}</p>}
      {rows.length === 0 ? (
        <p className={css.none}>{t.fields.noRows}</p>
      ) : (
        <div className={css.frame}>
          <table className={css.table}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column.id} scope="col" className={css[widthOf(column)]}>
                    {column.name}
                    {column.info.required_step && (
                      <span className={css.required} aria-hidden="true">
                        {" *"}
                      </span>
                    )}
                  </th>
                ))}
                {!disabled && <td className={`${css.tools} ${css.corner}`} />}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, at) => (
                <tr key={row.row_id} aria-label={t.fields.row(at + 1)}>
                  {columns.map((column) => (
                    <td key={column.id}>
                      <span className={css.name} aria-hidden="true">
                        {column.name}
                      </span>
                      <FieldInput
                        template={column}
                        value={row.cells[column.id]}
                        bare
                        disabled={disabled}
                        error={cells?.[row.row_id]?.[column.id]}
                        onChange={(value) => put(at, { ...row, cells: { ...row.cells, [column.id]: value } })}
                      />
                    </td>
                  ))}
                  {!disabled && (
                    <td className={css.tools}>
                      <div>
                        <IconButton
                          label={t.fields.moveUp(at + 1)}
                          disabled={at === 0}
                          onClick={() => move(at, at - 1)}
                        >
                          <ArrowUp size={15} />
                        </IconButton>
                        <IconButton
                          label={t.fields.moveDown(at + 1)}
                          disabled={at === rows.length - 1}
                          onClick={() => move(at, at + 1)}
                        >
                          <ArrowDown size={15} />
                        </IconButton>
                        <IconButton
                          label={t.fields.removeRow(at + 1)}
                          data-removes
                          onClick={() => remove(at)}
                        >
                          <Trash2 size={15} />
                        </IconButton>
                      </div>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {!disabled && (
        <div>
          <Button size="s" kind="quiet" icon={<Plus size={15} />} data-adds onClick={add}>
            {t.fields.addRow}
          </Button>
        </div>
      )}
      {said && (
        <div id={`${id}-error`} className={css.error} role="alert">
          {said}
        </div>
      )}
    </fieldset>
  );
}

/** An id that no row has had while this table is open. */
export const nextRow = (rows: readonly Row[]): number =>
  Math.max(-1, ...rows.map(({ row_id }) => row_id)) + 1;

/** How much room a column wants. */
function widthOf({ type, info }: TemplateField): "wide" | "middle" | "narrow" {
  if (type === "checkmark") return "narrow";
  if (type === "text" || type === "catalog" || type === "person" || type === "form_link") return "wide";
  return info.multiline ? "wide" : "middle";
}
