// The open session, for everything drawn inside of it.

import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";
import type { Command } from "~/store/command";
import type { Session } from "~/store/session";

const Context = createContext<Session | undefined>(undefined);

export function InSession({ session, children }: { session: Session; children: ReactNode }) {
  return <Context.Provider value={session}>{children}</Context.Provider>;
}

export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error("outside of a session");
  return session;
}

/** Changes that the server has not accepted. */
export function usePending(): readonly Command[] {
  const { outbox } = useSession();
  return useSyncExternalStore(outbox.subscribe, outbox.pending);
}

export function useLiveState() {
  const { live } = useSession();
  return useSyncExternalStore(live.subscribe, live.state);
}

/** Who else looks at a task now. */
export function usePresence(task: number) {
  const { live, me } = useSession();
  const all = useSyncExternalStore(live.subscribe, live.presence);
  return (all.get(task) ?? NOBODY).filter(({ id }) => id !== me.person);
}

const NOBODY: never[] = [];
