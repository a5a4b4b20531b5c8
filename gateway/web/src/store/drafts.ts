// What is typed and not sent yet, kept at every pause and given back when its place is opened again.

import { useEffect, useRef, useState } from "react";
import { useSession } from "~/app/context";

/** How long typing may pause before it is written down, in milliseconds. */
const PAUSE = 250;

/** A value that survives the tab. `undefined` until it has been looked up; setting `undefined` forgets it. */
export function useDraft<T>(
  key: string,
): [value: T | undefined, set: (value: T | undefined) => void, ready: boolean] {
  const { store } = useSession();
  const [value, setValue] = useState<T>();
  const [ready, setReady] = useState(false);
  const latest = useRef<{ value: T | undefined; timer?: ReturnType<typeof setTimeout>; touched: boolean }>({
    value: undefined,
    touched: false,
  });

  useEffect(() => {
    let gone = false;
    latest.current = { value: undefined, touched: false };
    setValue(undefined);
    setReady(false);
    void store.get("drafts", key).then((draft) => {
      if (gone) return;
      // What was typed while it was looked up stands.
      if (!latest.current.touched && draft) {
        latest.current.value = draft.value as T;
        setValue(draft.value as T);
      }
      setReady(true);
    });
    const write = () => {
      const held = latest.current;
      clearTimeout(held.timer);
      if (!held.touched) return;
      if (held.value === undefined) void store.delete("drafts", key);
      else void store.put("drafts", key, { key, value: held.value, at: Date.now() });
    };
    addEventListener("pagehide", write);
    document.addEventListener("visibilitychange", write);
    return () => {
      gone = true;
      removeEventListener("pagehide", write);
      document.removeEventListener("visibilitychange", write);
      write();
    };
  }, [store, key]);

  const set = (next: T | undefined) => {
    const held = latest.current;
    held.value = next;
    held.touched = true;
    setValue(next);
    clearTimeout(held.timer);
    held.timer = setTimeout(() => {
      if (held.value === undefined) void store.delete("drafts", key);
      else void store.put("drafts", key, { key, value: held.value, at: Date.now() });
    }, PAUSE);
  };
  return [value, set, ready];
}
