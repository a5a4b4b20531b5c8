// Whether the window is as narrow as a phone, where one thing is shown at a time. The same bound as in the style sheets.

import { useSyncExternalStore } from "react";

const query = typeof matchMedia === "undefined" ? undefined : matchMedia("(max-width: 820px)");

const subscribe = (listener: () => void) => {
  query?.addEventListener("change", listener);
  return () => query?.removeEventListener("change", listener);
};

export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => query?.matches ?? false);
