// Why something is rejected, and where it goes: as the form says, or back to somebody who had decided before.

import { useState } from "react";
import type { Approval, Task } from "~/api/types";
import { useFormat, useT } from "~/i18n";
import { waits } from "~/store/tasks";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Select, TextArea } from "~/ui/Field";
import { atStep } from "./doing";

interface Props {
  open: boolean;
  task: Task;
  /** What is written under the task already. */
  reason: string;
  /** Nothing is lost of what was typed. */
  onClose: (text: string) => void;
  /** `back`: who is asked again instead. */
  onReject: (text: string, back: { approvals_rerequested: { id: number }[][] } | undefined) => void;
}

export function RejectDialog({ open, task, reason, onClose, onReject }: Props) {
  const t = useT();
  const format = useFormat();
  const [typed, setText] = useState<string>();
  const text = typed ?? reason;
  const [step, setStep] = useState(0);
  const earlier = earlierSteps(task);
  const back = earlier.find(({ number }) => number === step);
  const reject = () => {
    onReject(
      text,
      back && {
        approvals_rerequested: atStep(
          back.number,
          back.approvals.map(({ person }) => ({ id: person.id })),
        ),
      },
    );
    setText(undefined);
    setStep(0);
  };
  const close = () => {
    onClose(text);
    setText(undefined);
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={t.task.rejecting}
      foot={
        <>
          <Button onClick={close}>{t.common.cancel}</Button>
          <Button kind="danger" onClick={reject}>
            {back ? t.task.sendBack : t.task.reject}
          </Button>
        </>
      }
    >
      <TextArea
        label={t.task.reason}
        hint={t.task.reasonHint}
        rows={3}
        autoFocus
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          reject();
        }}
      />
      {earlier.length > 0 && (
        <Select label={t.task.whereTo} value={step} onChange={({ target }) => setStep(Number(target.value))}>
          <option value={0}>{t.task.asTheFormSays}</option>
          {earlier.map(({ number, name, approvals }) => (
            <option key={number} value={number}>
              {t.task.backTo(name, format.list(approvals.map(({ person }) => format.person(person))))}
            </option>
          ))}
        </Select>
      )}
    </Dialog>
  );
}

/** Steps before the current one that somebody decided. Pure. */
function earlierSteps(task: Task): { number: number; name: string; approvals: Approval[] }[] {
  const current = task.current_step ?? 0;
  return (task.approvals ?? []).flatMap((approvals, index) => {
    const number = approvals[0]?.step ?? index + 1;
    const decided = approvals.filter((approval) => !waits(approval));
    if (number >= current || decided.length === 0) return [];
    const name = task.steps?.find(({ step }) => step === number)?.name ?? String(number);
    return [{ number, name, approvals: decided }];
  });
}
