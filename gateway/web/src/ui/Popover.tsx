// A small surface that opens from a button and closes when one goes on.

import * as Ariakit from "@ariakit/react";
import type { ReactElement, ReactNode } from "react";
import css from "./Popover.module.css";

interface Props {
  button: ReactElement;
  label: string;
  children: ReactNode | ((close: () => void) => ReactNode);
  /** It is open from the beginning. */
  initially?: boolean;
  placement?: "bottom-start" | "bottom-end" | "top-start" | "top-end";
}

export function Popover({ button, label, children, initially, placement = "bottom-start" }: Props) {
  const store = Ariakit.usePopoverStore({ placement, defaultOpen: initially });
  return (
    <>
      <Ariakit.PopoverDisclosure store={store} render={button} />
      <Ariakit.Popover
        store={store}
        portal
        gutter={4}
        className={css.popover}
        aria-label={label}
        unmountOnHide
      >
        {typeof children === "function" ? children(store.hide) : children}
      </Ariakit.Popover>
    </>
  );
}
