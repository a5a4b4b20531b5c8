// How long one has worked on it, in minutes, to be said with the comment.

import { useFormat, useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { TextField } from "~/ui/Field";

/** A year. */
const MINUTES_MAX = 525_600;

interface Props {
  open: boolean;
  minutes: number | undefined;
  onChange: (minutes: number | undefined) => void;
  onClose: () => void;
}

export function MinutesDialog({ open, minutes, onChange, onClose }: Props) {
  const t = useT();
  const format = useFormat();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t.task.spent}
      size="s"
      foot={
        <Button kind="primary" onClick={onClose}>
          {t.common.done}
        </Button>
      }
    >
      <TextField
        label={t.task.spentMinutes}
        type="number"
        inputMode="numeric"
        min={0}
        max={MINUTES_MAX}
        autoFocus
        value={minutes ?? ""}
        onChange={({ target }) => {
          const typed = Math.min(MINUTES_MAX, Math.max(0, Math.round(Number(target.value) || 0)));
          onChange(typed || undefined);
        }}
        hint={minutes ? format.span(minutes) : undefined}
      />
    </Dialog>
  );
}
