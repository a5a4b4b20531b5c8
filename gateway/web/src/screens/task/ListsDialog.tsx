// In which lists a task lies. A list shows it to all who see the list.

import { useEffect, useState } from "react";
import type { Task } from "~/api/types";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Checkbox } from "~/ui/Field";
import type { Body } from "./doing";
import css from "./ListsDialog.module.css";
import { useLists } from "./useTask";

interface Props {
  open: boolean;
  task: Task;
  onClose: () => void;
  onChange: (body: Body) => void;
}

export function ListsDialog({ open, task, onClose, onChange }: Props) {
  const t = useT();
  const lists = useLists();
  const before = task.list_ids ?? [];
  const [chosen, setChosen] = useState<readonly number[]>(before);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time it is opened
  useEffect(() => setChosen(task.list_ids ?? []), [open]);
  const added = chosen.filter((id) => !before.includes(id));
  const removed = before.filter((id) => !chosen.includes(id));
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t.task.lists}
      foot={
        <>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button
            kind="primary"
            disabled={added.length + removed.length === 0}
            onClick={() => {
              onClose();
              onChange({
                ...(added.length > 0 && { added_list_ids: added }),
                ...(removed.length > 0 && { removed_list_ids: removed }),
              });
            }}
          >
            {t.common.save}
          </Button>
        </>
      }
    >
      <p className={css.hint}>{lists.length > 0 ? t.task.listsHint : t.task.noLists}</p>
      <ul className={css.lists}>
        {lists.map(({ id, name, depth }) => (
          <li key={id} style={{ paddingLeft: `${depth * 20}px` }}>
            <Checkbox
              label={name}
              checked={chosen.includes(id)}
              onChange={({ target }) =>
                setChosen(target.checked ? [...chosen, id] : chosen.filter((other) => other !== id))
              }
            />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
