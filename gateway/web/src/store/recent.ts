// What this person looked for and looked at last, kept on the device alone.

import { useEffect, useState } from "react";
import { useSession } from "~/app/context";

/** A short list under a name. `undefined` until it has been looked up. */
export function useRecent<T>(name: string): [T[] | undefined, (change: (before: T[]) => T[]) => void] {
  const { store } = useSession();
  const [items, setItems] = useState<T[]>();
  const place = `recent:${name}`;
  useEffect(() => {
    let gone = false;
    void store.get("places", place).then((text) => !gone && setItems(read<T>(text)));
    return () => {
      gone = true;
    };
  }, [store, place]);
  const change = (next: (before: T[]) => T[]) => {
    void store.get("places", place).then((text) => {
      const items = next(read<T>(text));
      setItems(items);
      void store.put("places", place, JSON.stringify(items));
    });
  };
  return [items, change];
}

function read<T>(text: string | undefined): T[] {
  try {
    const items: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(items) ? (items as T[]) : [];
  } catch {
    return [];
  }
}
