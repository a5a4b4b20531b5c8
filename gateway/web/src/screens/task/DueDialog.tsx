// By when a task is to be done: a day, or a moment; or not by any.

import { useEffect, useState } from "react";
import type { Task } from "~/api/types";
import { useFormat, useT } from "~/i18n";
import { begun, dayOf } from "~/i18n/format";
import { Button } from "~/ui/Button";
import { DateField } from "~/ui/DateField";
import { Dialog } from "~/ui/Dialog";
import { Checkbox } from "~/ui/Field";
import css from "./DueDialog.module.css";
import type { Body } from "./doing";

interface Props {
  open: boolean;
  task: Task;
  onClose: () => void;
  onChange: (body: Body) => void;
}

export function DueDialog({ open, task, onClose, onChange }: Props) {
  const t = useT();
  const format = useFormat();
  const [time, setTime] = useState(Boolean(task.due));
  const [day, setDay] = useState<string | undefined>(task.due_date ?? undefined);
  const [moment, setMoment] = useState<string | undefined>(task.due ?? undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time it is opened
  useEffect(() => {
    setTime(Boolean(task.due));
    setDay(task.due_date ?? undefined);
    setMoment(task.due ?? undefined);
  }, [open]);
  const choose = (body: Body) => {
    onClose();
    onChange(body);
  };
  const on = (days: number) => {
    const now = new Date();
    return dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() + days));
  };
  const has = Boolean(task.due || task.due_date);
  const ready = time ? moment : day;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t.task.due}
      size="s"
      foot={
        <>
          {has && (
            <Button kind="quiet" onClick={() => choose({ cancel_due: true })}>
              {t.task.noDue}
            </Button>
          )}
          <Button
            kind="primary"
            disabled={!ready}
            onClick={() => choose(time ? { due: moment } : { due_date: day })}
          >
            {t.common.save}
          </Button>
        </>
      }
    >
      {!time && (
        <div className={css.quick}>
          {[0, 1, 3, 7, 14].map((days) => (
            <Button key={days} size="s" onClick={() => choose({ due_date: on(days) })}>
              {begun(format.dayName(on(days)))}
            </Button>
          ))}
        </div>
      )}
      {time ? (
        <DateField time label={t.task.due} value={moment} onChange={setMoment} autoFocus />
      ) : (
        <DateField label={t.task.due} value={day} onChange={setDay} autoFocus />
      )}
      <Checkbox label={t.task.withTime} checked={time} onChange={({ target }) => setTime(target.checked)} />
    </Dialog>
  );
}
