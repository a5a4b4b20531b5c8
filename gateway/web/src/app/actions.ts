// Everything that can be done from the keyboard: screens say what they offer while they are open; the palette lists it, keys run it.

import { useEffect, useRef, useSyncExternalStore } from "react";
import { tinykeys } from "tinykeys";

export interface Action {
  /** Names it for good, such as `task.approve`. */
  id: string;
  label: string;
  /** As tinykeys writes it, such as `g i` or `$mod+Enter`. */
  keys?: string;
  /** Under what it is listed. */
  group?: string;
  /** Words by which it is found besides its label. */
  words?: string;
  run: () => void;
  /** Its key works while one types as well. */
  whileTyping?: boolean;
}

let offered: readonly Action[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Action[]): void {
  offered = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** What can be done now; what was offered last comes last and wins where keys are the same. */
export const useOffered = (): readonly Action[] => useSyncExternalStore(subscribe, () => offered);

/** Offers actions while the component is there. */
export function useActions(actions: Action[]): void {
  const latest = useRef(actions);
  latest.current = actions;
  const shape = actions.map(({ id, label, keys }) => `${id} ${label} ${keys}`).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what they do is read when they are run
  useEffect(() => {
    const mine = latest.current.map((action) => ({
      ...action,
      run: () => latest.current.find(({ id }) => id === action.id)?.run(),
    }));
    set([...offered, ...mine]);
    return () => set(offered.filter((action) => !mine.includes(action as (typeof mine)[number])));
  }, [shape]);
}

const typesIn = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select"));

/** Listens to the keys of everything offered, as that changes. Called once. */
export function useKeys(): void {
  useEffect(() => {
    let deafen = listen(offered);
    const unsubscribe = subscribe(() => {
      deafen();
      deafen = listen(offered);
    });
    return () => {
      unsubscribe();
      deafen();
    };
  }, []);
}

/** Runs what the keys are for. Gives what ends it. */
function listen(actions: readonly Action[]): () => void {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  for (const action of actions) {
    if (!action.keys) continue;
    bindings[action.keys] = (event) => {
      if (event.defaultPrevented || (typesIn(event.target) && !action.whileTyping)) return;
      // What is asked in a dialog is answered there.
      if (
        document.querySelector("[role=dialog]:not([hidden]), [role=menu]:not([hidden])") &&
        !action.whileTyping
      )
        return;
      event.preventDefault();
      action.run();
    };
  }
  return tinykeys(window, bindings);
}
