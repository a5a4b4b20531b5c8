// What is asked in between. How it is drawn is loaded when the first one is opened, or when the app has nothing else to do: nobody
// begins with a dialog.

import { lazy, type ReactNode, Suspense, useRef } from "react";
import { whenIdle } from "./idle";

export interface DialogProps {
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

const load = () => import("./DialogBox");
const DialogBox = lazy(load);
whenIdle(() => void load().catch(() => undefined));

export function Dialog(props: DialogProps) {
  // Once opened it stays, so that the focus goes back to where it was when it closes.
  const opened = useRef(false);
  opened.current ||= props.open;
  if (!opened.current) return null;
  return (
    <Suspense>
      <DialogBox {...props} />
    </Suspense>
  );
}
