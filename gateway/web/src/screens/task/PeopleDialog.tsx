// Who has to do with a task: another responsible, more or fewer participants, those who follow it, those who decide at a step.

import { useEffect, useState } from "react";
import type { Task } from "~/api/types";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Select } from "~/ui/Field";
import { PersonPicker } from "~/ui/PersonPicker";
import { atStep, type Body } from "./doing";

export type Whose = "responsible" | "participants" | "subscribers" | "approvers";

interface Props {
  whose: Whose | undefined;
  task: Task;
  steps: { step: number; name: string }[];
  onClose: () => void;
  onChange: (body: Body) => void;
}

const named = (ids: readonly number[]) => ids.map((id) => ({ id }));

export function PeopleDialog({ whose, task, steps, onClose, onChange }: Props) {
  const t = useT();
  const [step, setStep] = useState(task.current_step ?? 1);
  const before = idsOf(task, whose, step);
  const [chosen, setChosen] = useState<readonly number[]>(before);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time it is opened, and for each step
  useEffect(() => setChosen(idsOf(task, whose, step)), [whose, step]);
  const added = chosen.filter((id) => !before.includes(id));
  const removed = before.filter((id) => !chosen.includes(id));
  const save = () => {
    onClose();
    const at = (ids: readonly number[]) => atStep(step, named(ids));
    if (whose === "responsible" && chosen[0] !== undefined) onChange({ reassign_to: { id: chosen[0] } });
    else if (whose === "approvers")
      onChange({
        ...(added.length > 0 && { approvals_added: at(added) }),
        ...(removed.length > 0 && { approvals_removed: at(removed) }),
      });
    else
      onChange({
        ...(added.length > 0 && { [`${whose}_added`]: named(added) }),
        ...(removed.length > 0 && { [`${whose}_removed`]: named(removed) }),
      });
  };
  return (
    <Dialog
      open={whose !== undefined}
      onClose={onClose}
      title={whose ? t.task.changing[whose] : ""}
      foot={
        <>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button
            kind="primary"
            disabled={added.length + removed.length === 0 || (whose === "responsible" && chosen.length === 0)}
            onClick={save}
          >
            {t.common.save}
          </Button>
        </>
      }
    >
      {whose === "approvers" && (
        <Select label={t.task.atStep} value={step} onChange={({ target }) => setStep(Number(target.value))}>
          {steps.map((other) => (
            <option key={other.step} value={other.step}>
              {other.name}
            </option>
          ))}
        </Select>
      )}
      <PersonPicker
        label={whose ? t.task[whose] : ""}
        value={chosen}
        onChange={setChosen}
        multiple={whose !== "responsible"}
        roles
        autoFocus
      />
    </Dialog>
  );
}

function idsOf(task: Task, whose: Whose | undefined, step: number): number[] {
  switch (whose) {
    case "responsible":
      return task.responsible ? [task.responsible.id] : [];
    case "participants":
      return (task.participants ?? []).map(({ id }) => id);
    case "subscribers":
      return (task.subscribers ?? []).map(({ person }) => person.id);
    case "approvers":
      return (task.approvals ?? [])
        .flat()
        .filter((approval) => approval.step === step)
        .map(({ person }) => person.id);
    case undefined:
      return [];
  }
}
