// A word about what just happened, at the edge of the screen. Heard as well as seen; goes by itself.

import { useSyncExternalStore } from "react";
import { useActions } from "~/app/actions";
import css from "./toast.module.css";

interface Toast {
  id: number;
  text: string;
  tone: "plain" | "bad";
  action?: { label: string; run: () => void };
}

/** For how long it stays, in milliseconds. */
const STAYS = 5_000;

let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function toast(text: string, options: { tone?: Toast["tone"]; action?: Toast["action"] } = {}): void {
  last += 1;
  const id = last;
  set([...toasts.slice(-2), { id, text, tone: options.tone ?? "plain", action: options.action }]);
  setTimeout(leave, STAYS, id);
}

const leave = (id: number) => set(toasts.filter((other) => other.id !== id));

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  const doable = shown.findLast(({ action }) => action);
  const act = ({ id, action }: Toast) => {
    action?.run();
    leave(id);
  };
  useActions(
    doable?.action
      ? [{ id: "toast", label: doable.action.label, keys: "$mod+z", run: () => act(doable) }]
      : [],
  );
  return (
    <div className={css.toasts} role="status" aria-live="polite">
      {shown.map((one) => (
        <div key={one.id} className={`${css.toast} ${one.tone === "bad" ? css.bad : ""}`}>
          <span>{one.text}</span>
          {one.action && (
            <button type="button" className={css.action} onClick={() => act(one)}>
              {one.action.label}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
