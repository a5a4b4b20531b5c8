// Somebody leaves for good: who is given what they had to do.

import { useState } from "react";
import { useT } from "~/i18n";
import { Confirm } from "~/ui/Confirm";
import { PersonPicker } from "~/ui/PersonPicker";

interface Props {
  open: boolean;
  title: string;
  /** Those who leave. */
  leaving: readonly number[];
  onClose: () => void;
  onDismiss: (receiver: number | undefined) => Promise<unknown>;
}

export function Dismiss({ open, title, leaving, onClose, onDismiss }: Props) {
  const t = useT();
  const [receiver, setReceiver] = useState<number>();
  return (
    <Confirm
      open={open}
      onClose={onClose}
      title={title}
      yes={t.administration.members.dismiss}
      onYes={() => onDismiss(receiver)}
    >
      <p>{t.administration.members.dismissHint}</p>
      <PersonPicker
        label={t.administration.members.receiver}
        without={leaving}
        value={receiver === undefined ? [] : [receiver]}
        onChange={([next]) => setReceiver(next)}
      />
    </Confirm>
  );
}
