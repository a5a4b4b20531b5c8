// What is asked in between. On a phone it comes from below, within the thumb's reach.

import * as Ariakit from "@ariakit/react";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useT } from "~/i18n";
import { IconButton } from "./Button";
import css from "./Dialog.module.css";

interface Props {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  /** Buttons, the main one last. */
  foot?: ReactNode;
  size?: "s" | "m" | "l" | "full";
  /** Cannot be put away without an answer. */
  firm?: boolean;
}

export function Dialog({ open, onClose, title, children, foot, size = "m", firm }: Props) {
  const t = useT();
  const store = Ariakit.useDialogStore({ open, setOpen: (next) => !next && !firm && onClose() });
  return (
    <Ariakit.Dialog
      store={store}
      unmountOnHide
      className={`${css.dialog} ${css[size]}`}
      backdrop={<div className={css.backdrop} />}
      hideOnEscape={!firm}
      hideOnInteractOutside={!firm}
    >
      <header className={css.head}>
        <Ariakit.DialogHeading className={css.title}>{title}</Ariakit.DialogHeading>
        {!firm && (
          <IconButton label={t.common.close} onClick={onClose}>
            <X size={18} />
          </IconButton>
        )}
      </header>
      <div className={css.body}>{children}</div>
      {foot && <footer className={css.foot}>{foot}</footer>}
    </Ariakit.Dialog>
  );
}
