// A new task, from the press of the button to the log: it goes through the outbox, so it is made once, also without a network.

import { useEffect, useRef, useState } from "react";
import { useSession } from "~/app/context";

/** How long an answer is waited for before one is told that the task waits, in milliseconds. */
const PATIENCE = 3_000;

export type Creating =
  | { state: "idle" }
  | { state: "busy" }
  /** Written down, and not answered yet. */
  | { state: "waits" }
  | { state: "refused"; error: unknown };

export function useCreate() {
  const { outbox } = useSession();
  const [creating, setCreating] = useState<Creating>({ state: "idle" });
  const here = useRef(true);
  const state = useRef(creating.state);
  state.current = creating.state;
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);

  /**
   * Made by the server: `done` is told its id. What was refused is given back, to be mended and sent anew; `back` where it was taken away
   * by then.
   */
  const create = async (
    body: Record<string, unknown>,
    title: string,
    told: { kept: () => void; done: (task: number) => void; back: () => void },
  ) => {
    setCreating({ state: "busy" });
    const answered = outbox.settled({ method: "POST", path: "/v4/tasks", body, kind: "create", title });
    // Written down in the same breath.
    const command = outbox.pending().at(-1)?.id;
    let answerCame = false;
    let waits = false;
    const patience = setTimeout(() => {
      if (answerCame || !here.current) return;
      waits = true;
      told.kept();
      setCreating({ state: "waits" });
    }, PATIENCE);
    try {
      const { answer } = await answered;
      answerCame = true;
      told.kept();
      const id = (answer as { task?: { id?: number } } | undefined)?.task?.id;
      if (here.current) setCreating({ state: "idle" });
      if (id !== undefined && here.current) told.done(id);
    } catch (error) {
      answerCame = true;
      // Whoever writes the next one already finds this one among what is not sent.
      if (!here.current || (waits && state.current !== "waits")) return;
      if (waits) told.back();
      if (command) await outbox.discard(command, true);
      setCreating({ state: "refused", error });
    } finally {
      clearTimeout(patience);
    }
  };
  return { creating, create, again: () => setCreating({ state: "idle" }) };
}
