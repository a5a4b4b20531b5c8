// Ctrl-K: everything that can be done or opened, by its name. `?`: every key. Both are loaded when they are first wanted; what is kept
// up here all the time is which tasks were opened last.

import { useQuery } from "@tanstack/react-query";
import { Suspense, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useT } from "~/i18n";
import { useRecent } from "~/store/recent";
import { readTask, taskKey } from "~/store/tasks";
import { useActions } from "./actions";
import { lazily } from "./lazily";
import css from "./Palette.module.css";

const PaletteDialog = lazily(() => import("./PaletteDialog"));
const KeysDialog = lazily(() => import("./KeysDialog"));

/** A task that was opened on this device. */
export interface Opened {
  id: number;
  title: string;
}

const OPENED_MAX = 12;

export function Palette() {
  const t = useT();
  const [open, setOpen] = useState<"palette" | "keys">();
  const [early, setEarly] = useState("");
  const [opened, setOpened] = useRecent<Opened>("tasks");
  useOpened(setOpened);
  useActions(
    [
      {
        id: "palette",
        label: t.palette.open,
        keys: "$mod+k",
        group: t.palette.everywhere,
        whileTyping: true,
        run: () => setOpen(open === "palette" ? undefined : "palette"),
      },
      {
        id: "keys",
        label: t.palette.keys,
        keys: "Shift+?",
        group: t.palette.everywhere,
        run: () => setOpen("keys"),
      },
    ],
    true,
  );
  return (
    <>
      {open === "palette" && (
        <Suspense fallback={<Early text={early} onType={setEarly} />}>
          <PaletteDialog
            first={early}
            opened={opened ?? []}
            onClose={() => {
              setEarly("");
              setOpen((now) => (now === "palette" ? undefined : now));
            }}
          />
        </Suspense>
      )}
      {open === "keys" && (
        <Suspense fallback={null}>
          <KeysDialog onClose={() => setOpen(undefined)} />
        </Suspense>
      )}
    </>
  );
}

/** Takes what is typed while the palette is still being loaded: nothing of it is lost, and no letter is taken for a key. */
function Early({ text, onType }: { text: string; onType: (text: string) => void }) {
  const t = useT();
  return (
    <div role="dialog" aria-label={t.palette.open} className={css.palette}>
      <input
        className={css.input}
        aria-label={t.palette.open}
        // biome-ignore lint/a11y/noAutofocus: it was asked for, to type in
        autoFocus
        value={text}
        onChange={(event) => onType(event.target.value)}
      />
    </div>
  );
}

/** Remembers the task that is looked at, once it is known. */
function useOpened(change: (next: (before: Opened[]) => Opened[]) => void): void {
  const [at] = useLocation();
  const id = Number(/^\/(?:tasks|inbox)\/(\d+)/.exec(at)?.[1] ?? 0);
  // Only looked at here; whoever shows the task asks for it.
  const { data } = useQuery({ queryKey: taskKey(id), queryFn: () => readTask(id), enabled: false });
  const title = id ? data?.task.subject || data?.task.text?.split("\n")[0]?.slice(0, 200) : undefined;
  const latest = useRef(change);
  latest.current = change;
  useEffect(() => {
    if (!id || title === undefined) return;
    latest.current((before) =>
      [{ id, title }, ...before.filter((other) => other.id !== id)].slice(0, OPENED_MAX),
    );
  }, [id, title]);
}
