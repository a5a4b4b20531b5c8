// The columns of a catalog: named, put in order, added and taken out. Staged like everything else.

import { ArrowDown, ArrowUp, Plus, Trash2, UserPlus } from "lucide-react";
import { useState } from "react";
import { useT } from "~/i18n";
import { Badge } from "~/ui/Badge";
import { Button, IconButton } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { TextField } from "~/ui/Field";
import css from "./dialogs.module.css";
import { type Column, newKey } from "./sheet";

interface Props {
  columns: readonly Column[];
  onClose: () => void;
  onChange: (columns: Column[]) => void;
}

export default function ColumnsDialog({ columns, onClose, onChange }: Props) {
  const { catalogs: t, common, designer } = useT();
  const [draft, setDraft] = useState<Column[]>([...columns]);
  const names = draft.map(({ name }) => name.trim().toLocaleLowerCase());
  const flaw = (index: number) =>
    names[index] === ""
      ? t.columnEmpty
      : names.indexOf(names[index] ?? "") !== index
        ? t.columnTwice
        : undefined;
  const bad = draft.some((_, index) => flaw(index));
  /** Columns of people stand behind those of text, and the first names the rows. */
  const movable = (index: number, to: number) =>
    index > 0 && to > 0 && to < draft.length && draft[index]?.kind === draft[to]?.kind;
  const move = (index: number, to: number) => {
    const next = [...draft];
    const [column] = next.splice(index, 1);
    if (column) next.splice(to, 0, column);
    setDraft(next);
  };
  const add = (kind: Column["kind"]) => {
    const column: Column = { key: newKey(), name: "", kind };
    const texts = draft.filter((one) => one.kind === "text").length;
    const at = kind === "text" ? texts : draft.length;
    setDraft([...draft.slice(0, at), column, ...draft.slice(at)]);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.columns}
      foot={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button
            kind="primary"
            disabled={bad}
            onClick={() => {
              onChange(draft.map((column) => ({ ...column, name: column.name.trim() })));
              onClose();
            }}
          >
            {common.done}
          </Button>
        </>
      }
    >
      <p className={css.hint}>{t.columnsHint}</p>
      <ul className={css.columns}>
        {draft.map((column, index) => (
          <li key={column.key}>
            <TextField
              bare
              label={t.column(index + 1)}
              value={column.name}
              maxLength={200}
              error={flaw(index)}
              onChange={({ target }) =>
                setDraft(draft.map((one) => (one === column ? { ...one, name: target.value } : one)))
              }
            />
            {column.kind === "workflow" && <Badge tone="info">{t.people}</Badge>}
            <IconButton
              label={`${designer.moveUp}: ${column.name}`}
              disabled={!movable(index, index - 1)}
              onClick={() => move(index, index - 1)}
            >
              <ArrowUp size={15} />
            </IconButton>
            <IconButton
              label={`${designer.moveDown}: ${column.name}`}
              disabled={!movable(index, index + 1)}
              onClick={() => move(index, index + 1)}
            >
              <ArrowDown size={15} />
            </IconButton>
            <IconButton
              label={`${common.delete}: ${column.name}`}
              disabled={index === 0}
              onClick={() => setDraft(draft.filter((one) => one !== column))}
            >
              <Trash2 size={15} />
            </IconButton>
          </li>
        ))}
      </ul>
      <div className={css.tools}>
        <Button icon={<Plus size={15} />} onClick={() => add("text")}>
          {t.addColumn}
        </Button>
        <Button icon={<UserPlus size={15} />} onClick={() => add("workflow")}>
          {t.addPeopleColumn}
        </Button>
      </div>
    </Dialog>
  );
}
