// A question before something that cannot be taken back.

import { type ReactNode, useState } from "react";
import { useT } from "~/i18n";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { ProblemNote } from "./ProblemNote";

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  children?: ReactNode;
  /** What the button says that does it. */
  yes: string;
  danger?: boolean;
  disabled?: boolean;
  /** Closed once it is done; what it throws is shown. */
  onYes: () => Promise<unknown>;
}

export function Confirm({ open, onClose, title, children, yes, danger = true, disabled, onYes }: Props) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const close = () => {
    setProblem(undefined);
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      size="s"
      title={title}
      foot={
        <>
          <Button onClick={close}>{t.common.cancel}</Button>
          <Button
            kind={danger ? "danger" : "primary"}
            busy={busy}
            disabled={disabled}
            onClick={() => {
              setBusy(true);
              setProblem(undefined);
              onYes()
                .then(close, setProblem)
                .finally(() => setBusy(false));
            }}
          >
            {yes}
          </Button>
        </>
      }
    >
      {children}
      <ProblemNote error={problem} />
    </Dialog>
  );
}
