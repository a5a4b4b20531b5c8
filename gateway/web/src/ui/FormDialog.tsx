// A dialog in which something is filled in: Enter does what its main button does.

import { type ReactNode, useId } from "react";
import { useT } from "~/i18n";
import { Button } from "./Button";
import { Dialog, type DialogProps } from "./Dialog";
import css from "./FormDialog.module.css";
import { ProblemNote } from "./ProblemNote";

interface Props extends Pick<DialogProps, "open" | "onClose" | "title" | "size"> {
  /** What the main button says. */
  submit: string;
  onSubmit: () => void;
  busy?: boolean;
  /** Something is missing: it cannot be submitted yet. */
  disabled?: boolean;
  /** What went wrong the last time. */
  error?: unknown;
  /** Given up on purpose, not merely closed. */
  onCancel?: () => void;
  children: ReactNode;
}

export function FormDialog(props: Props) {
  const { open, onClose, title, size, submit, onSubmit, busy, disabled, error, onCancel, children } = props;
  const t = useT();
  const id = useId();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      size={size}
      foot={
        <>
          <Button onClick={onCancel ?? onClose}>{t.common.cancel}</Button>
          <Button type="submit" form={id} kind="primary" busy={busy} disabled={disabled}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
      </form>
      <ProblemNote error={error} />
    </Dialog>
  );
}
