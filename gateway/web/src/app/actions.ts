// Everything that can be done from the keyboard: screens say what they offer while they are open; the palette lists it, keys run it.

import { useEffect, useRef, useSyncExternalStore } from "react";
import { Hearing, isPlain, lettersWork } from "./keys";

export interface Action {
  /** Names it for good, such as `task.approve`. */
  id: string;
  label: string;
  /** Such as `g i`, one after the other, or `$mod+Enter`, together; `$mod` is what commands are held with: Ctrl, or ⌘. */
  keys?: string;
  /** Under what it is listed. */
  group?: string;
  /** Words by which it is found besides its label. */
  words?: string;
  run: () => void;
  /** Its key works while one types as well. */
  whileTyping?: boolean;
}

/** The keys of one of several views that stand beside each other. */
export const viewKeys = (at: number): string => `v ${(at + 1).toString(36)}`;

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

/** Offers actions while the component is there; `everywhere` those that stand behind what a screen offers, whenever they come. */
export function useActions(actions: Action[], everywhere = false): void {
  const latest = useRef(actions);
  latest.current = actions;
  const shape = actions.map(({ id, label, keys }) => `${id} ${label} ${keys}`).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what they do is read when they are run
  useEffect(() => {
    const mine = latest.current.map((action) => ({
      ...action,
      run: () => latest.current.find(({ id }) => id === action.id)?.run(),
    }));
    set(everywhere ? [...mine, ...offered] : [...offered, ...mine]);
    return () => set(offered.filter((action) => !mine.includes(action as (typeof mine)[number])));
  }, [shape, everywhere]);
}

const typesIn = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches("input:not([type=checkbox], [type=radio], [type=range]), textarea, select"));

/** Listens to the keys of everything offered. Called once. */
export function useKeys(): void {
  useEffect(() => {
    const hearing = new Hearing(navigator.platform.startsWith("Mac"));
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const typing = typesIn(event.target);
      // What is asked in a dialog is answered there.
      const asked = document.querySelector("[role=dialog]:not([hidden]), [role=menu]:not([hidden])") !== null;
      const letters = lettersWork();
      const heard = offered.filter(
        ({ keys = "", whileTyping }) => (whileTyping || !(typing || asked)) && (letters || !isPlain(keys)),
      );
      const action = hearing.hear(event, heard, event.timeStamp);
      if (!action) return;
      event.preventDefault();
      action.run();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
}
