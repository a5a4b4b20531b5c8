// A task that is due on a day, written in a moment; more of it is said in the task itself.

import { useState } from "react";
import { useSession } from "~/app/context";
import { useT } from "~/i18n";
import { useChangeTask } from "~/screens/lists/change";
import { useDraft } from "~/store/drafts";
import { DateField } from "~/ui/DateField";
import { TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";
import { PersonPicker } from "~/ui/PersonPicker";

export function NewTask({ day: first, onClose }: { day: string; onClose: () => void }) {
  const t = useT();
  const { me } = useSession();
  const { create } = useChangeTask();
  const [text, setText] = useDraft<string>("calendar:task");
  const [day, setDay] = useState<string | undefined>(first);
  const [responsible, setResponsible] = useState<number[]>([me.person]);
  const [tried, setTried] = useState(false);
  const subject = text?.trim();
  const add = () => {
    setTried(true);
    if (!subject) return;
    const [person] = responsible;
    create({
      text: subject,
      ...(day && { due_date: day }),
      ...(person !== undefined && { responsible: { id: person } }),
    });
    setText(undefined);
    onClose();
  };
  return (
    <FormDialog open size="s" title={t.calendar.make} onClose={onClose} submit={t.common.add} onSubmit={add}>
      <TextField
        label={t.calendar.what}
        required
        autoFocus
        value={text ?? ""}
        error={tried && !subject ? t.calendar.whatMissing : undefined}
        onChange={({ target }) => setText(target.value || undefined)}
      />
      <DateField label={t.lists.due} value={day} onChange={setDay} />
      <PersonPicker label={t.lists.responsible} value={responsible} onChange={setResponsible} />
    </FormDialog>
  );
}
