// One cell changed where it stands. The change goes through the outbox and shows in the cell what becomes of it.

import * as Ariakit from "@ariakit/react";
import { useRef, useState } from "react";
import type { TemplateField } from "~/api/types";
import { useSession } from "~/app/context";
import { FieldInput } from "~/fields/FieldInput";
import { fromRead } from "~/fields/read";
import { misfit } from "~/fields/validate";
import type { Input } from "~/fields/values";
import { same, toWrite } from "~/fields/write";
import { useForget } from "~/files/attach";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import css from "./CellEditor.module.css";
import { type RegisterTask, shownIn } from "./columns";

export interface Editing {
  task: RegisterTask;
  field: TemplateField;
  cell: HTMLElement;
  /** What it is to be once the server has accepted it, as it is sent. */
  sent?: unknown;
}

export function CellEditor({ editing, onClose }: { editing: Editing; onClose: () => void }) {
  const { task, field, cell, sent } = editing;
  const t = useT();
  const { outbox } = useSession();
  const forget = useForget();
  const shown = shownIn(task, field.id);
  // The whole list of files is sent: one that is on its way stays in it.
  const before =
    field.type === "file" && sent !== undefined
      ? fromRead({ type: field.type, value: sent })
      : shown && fromRead(shown);
  const [value, setValue] = useState<Input | undefined>(before);
  const error = misfit(field, value, t.fields);
  const close = () => {
    onClose();
    // Back to where the arrow keys were.
    cell.closest<HTMLElement>("[role=grid]")?.focus({ preventScroll: true });
  };
  const saved = useRef(false);
  const leave = () => {
    // What is saved is left as well: the focus goes back to the table.
    if (saved.current) return;
    forget(value, before);
    close();
  };
  const save = () => {
    if (error) return;
    saved.current = true;
    if (!same(value, before)) {
      void outbox.add({
        method: "POST",
        path: `/v4/tasks/${task.id}/comments`,
        body: { field_updates: [toWrite(field, value, before)] },
        kind: "comment",
        task: task.id,
        title: task.text ?? "",
      });
    }
    close();
  };
  const input = (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        save();
      }}
    >
      <FieldInput template={field} value={value} onChange={setValue} error={error} autoFocus />
    </form>
  );
  const foot = (
    <>
      <Button size="s" onClick={leave}>
        {t.common.cancel}
      </Button>
      <Button size="s" kind="primary" onClick={save} disabled={error !== undefined}>
        {t.common.save}
      </Button>
    </>
  );
  if (field.type === "table") {
    return (
      <Dialog open onClose={leave} size="l" title={task.text || t.register.edit(field.name)} foot={foot}>
        {input}
      </Dialog>
    );
  }
  return <Bubble cell={cell} label={t.register.edit(field.name)} onClose={leave} input={input} foot={foot} />;
}

function Bubble({
  cell,
  label,
  onClose,
  input,
  foot,
}: {
  cell: HTMLElement;
  label: string;
  onClose: () => void;
  input: React.ReactNode;
  foot: React.ReactNode;
}) {
  const store = Ariakit.usePopoverStore({
    open: true,
    placement: "bottom-start",
    setOpen: (open) => !open && onClose(),
  });
  const rect = cell.getBoundingClientRect();
  // For Tab it comes after the table: within a row there are cells alone.
  const grid = cell.closest("[role=grid]");
  return (
    <Ariakit.Popover
      store={store}
      portal
      preserveTabOrderAnchor={grid}
      getAnchorRect={() => rect}
      gutter={-4}
      className={css.bubble}
      aria-label={label}
      style={{ minWidth: Math.max(260, rect.width) }}
    >
      {input}
      <div className={css.foot}>{foot}</div>
    </Ariakit.Popover>
  );
}
