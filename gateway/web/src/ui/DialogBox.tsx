// The dialog itself, loaded when the first one is opened (see `Dialog.tsx`). On a phone it comes from below, within the thumb's reach.

import * as Ariakit from "@ariakit/react";
import { X } from "lucide-react";
import { useRef } from "react";
import { useT } from "~/i18n";
import { IconButton } from "./Button";
import type { DialogProps } from "./Dialog";
import css from "./DialogBox.module.css";

export default function DialogBox({ open, onClose, title, children, foot, size = "m", firm }: DialogProps) {
  const t = useT();
  const body = useRef<HTMLDivElement>(null);
  const store = Ariakit.useDialogStore({ open, setOpen: (next) => !next && !firm && onClose() });
  return (
    <Ariakit.Dialog
      store={store}
      unmountOnHide
      className={`${css.dialog} ${css[size]}`}
      backdrop={<div className={css.backdrop} />}
      autoFocusOnShow={(element) => !element?.closest("header") || !intoBody(body.current)}
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
      <div className={css.body} ref={body}>
        {children}
      </div>
      {foot && <footer className={css.foot}>{foot}</footer>}
    </Ariakit.Dialog>
  );
}

/** With keys one goes on with what the dialog asks, not with what closes it; with a thumb nothing covers it that was not asked for. */
function intoBody(body: HTMLElement | null): boolean {
  if (!body || !matchMedia("(pointer: fine)").matches) return false;
  const first = body.querySelector<HTMLElement>(
    "[data-autofocus], input:not([disabled], [hidden]), select:not([disabled]), textarea:not([disabled]), button:not([disabled], [hidden])",
  );
  first?.focus();
  return first !== null;
}
