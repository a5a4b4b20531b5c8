// What the tab is called: by the screen, and where one thing of it is looked at, by that.

import { useEffect } from "react";

interface Named {
  text: string;
  /** What lies within another one is named before it: whatever came first, the deepest counts. */
  depth: number;
}

const APP = "Nashi";
let named: readonly Named[] = [];

function set(next: readonly Named[]): void {
  named = next;
  const deepest = Math.max(...named.map(({ depth }) => depth));
  const text = named.findLast(({ depth }) => depth === deepest)?.text;
  document.title = text ? `${text} · ${APP}` : APP;
}

/** Names the tab while the component is there; a screen, or at `depth` 1 what is looked at in it. */
export function useTitle(text: string, depth = 0): void {
  useEffect(() => {
    if (!text) return;
    const mine = { text, depth };
    set([...named, mine]);
    return () => set(named.filter((other) => other !== mine));
  }, [text, depth]);
}
