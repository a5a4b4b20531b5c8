// Who is signed in, and all that is kept for them: their database, cache, outbox and stream.

import type { QueryClient } from "@tanstack/react-query";
import { api, good, onSessionProblem, type Schemas, send, setPerson } from "~/api/client";
import { Problem, passes } from "~/api/problem";
import type { Uploads } from "~/files/uploads";
import { wholeLanguage } from "~/i18n/language";
import { Live } from "~/live/live";
import { whenIdle } from "~/ui/idle";
import { openCache } from "./cache";
import { type Store, storeName, takeStore } from "./db";
import { firstRows } from "./inbox";
import { Outbox } from "./outbox";
import { hearPortraits } from "./portraits";
import { keepSigningOut, signsOut } from "./signing_out";
import { takeAnswer } from "./tasks";

/** As much of the person as is needed before anything else, kept so that the app opens without a network. */
export interface Me {
  person: number;
  organisation: number;
  name: string;
}

export interface Session {
  me: Me;
  store: Store;
  cache: QueryClient;
  outbox: Outbox;
  live: Live;
  /** What carries files to the server; loaded when it is first wanted. */
  files: () => Promise<Uploads>;
}

export type SessionState =
  | { state: "opening" }
  | { state: "signed_out"; setUp?: boolean }
  /** Somebody is signed in who may do nothing before they have a second factor. */
  | { state: "needs_factor" }
  /** `locked`: what is open stays, but the server wants a sign-in before it answers; why. */
  | { state: "open"; session: Session; locked: false | Lock };

/** The session has ended, or another person's has begun in this browser. */
export type Lock = "ended" | "other";

const LAST = "nashi:me";

let current: SessionState = { state: "opening" };
const listeners = new Set<() => void>();
const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("nashi:session");

export const sessionState = (): SessionState => current;

export function subscribeSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: SessionState): void {
  current = next;
  for (const listener of listeners) listener();
}

/** Finds out who is signed in. Without a network the last one is believed. */
export async function begin(): Promise<void> {
  if (signsOut() && !(await ends())) {
    set({ state: "signed_out" });
    return;
  }
  try {
    const answer = await good(api.GET("/v4/session"));
    if (answer.session?.needs_second_factor) set({ state: "needs_factor" });
    else if (answer.session) await open(meOf(answer));
    else set({ state: "signed_out" });
  } catch (error) {
    const last = remembered();
    if (error instanceof Problem && !error.passes) {
      forget();
      const setUp = await good(api.GET("/v4/set_up")).catch(() => undefined);
      set({ state: "signed_out", setUp: setUp?.needed });
    } else if (last) await open(last);
    else set({ state: "signed_out" });
  }
}

/** Somebody has signed in, here or on top of what is open. */
export async function signedIn(answer: Schemas["SignedIn"]): Promise<void> {
  if (!answer.session) return;
  keepSigningOut(false);
  const me = meOf(answer);
  channel?.postMessage(me.person);
  if (current.state === "open" && current.session.me.person === me.person) {
    unlock(current.session);
    return;
  }
  if (answer.session.needs_second_factor) set({ state: "needs_factor" });
  else await open(me);
}

/** Ends the session on the server and forgets what was kept, but for what is not sent yet. */
export async function signOut(): Promise<void> {
  await ends();
  if (current.state === "open") {
    const { store, outbox, live } = current.session;
    live.close();
    outbox.close();
    closeFiles();
    await store.clear("answers");
    await store.clear("places");
    store.close();
  }
  forget();
  setPerson(undefined);
  channel?.postMessage(0);
  set({ state: "signed_out" });
}

function meOf(answer: Schemas["SignedIn"]): Me {
  const person = answer.session?.person_id ?? 0;
  const mine = answer.persons.find((choice) => choice.person_id === person);
  const name = [mine?.first_name, mine?.last_name].filter(Boolean).join(" ");
  return { person, organisation: answer.session?.organization_id ?? 0, name };
}

async function open(me: Me): Promise<void> {
  remember(LAST, JSON.stringify(me));
  if (current.state === "open") {
    current.session.live.close();
    current.session.outbox.close();
    closeFiles();
    current.session.store.close();
  }
  setPerson(me.person);
  const store = await takeStore(storeName(me.organisation, me.person));
  const cache = openCache(store);
  hearPortraits(cache);
  const files = () => {
    carrier ??= openFiles(store);
    return carrier;
  };
  const [outbox] = await Promise.all([
    Outbox.open(store, (accepted) => takeAnswer(cache, accepted), send, files),
    firstRows(cache, location.pathname),
  ]);
  const live = new Live(store, cache, outbox);
  set({ state: "open", session: { me, store, cache, outbox, live, files }, locked: false });
  live.open();
  // What a tab that was closed has left goes on, or goes away.
  whenIdle(async () => {
    if ((await store.all("files")).length > 0) await files().catch(() => undefined);
  });
}

let carrier: Promise<Uploads> | undefined;

async function openFiles(store: Store): Promise<Uploads> {
  try {
    const [{ Uploads }, { files }] = await Promise.all([import("~/files/uploads"), wholeLanguage()]);
    return await Uploads.open(store, files);
  } catch (error) {
    // It did not come: whoever wants it next has it loaded once more.
    carrier = undefined;
    throw error;
  }
}

function closeFiles(): void {
  void carrier?.then((uploads) => uploads.close()).catch(() => undefined);
  carrier = undefined;
}

function unlock(session: Session): void {
  set({ state: "open", session, locked: false });
  session.outbox.go();
  session.live.again();
  void session.cache.invalidateQueries();
}

/** Whether the session on the server has ended; where that cannot be known, it is ended when the app is next opened. */
async function ends(): Promise<boolean> {
  try {
    await good(api.DELETE("/v4/session"));
  } catch (error) {
    if (passes(error)) {
      keepSigningOut(true);
      return false;
    }
  }
  keepSigningOut(false);
  return true;
}

function remembered(): Me | undefined {
  try {
    return JSON.parse(localStorage.getItem(LAST) ?? "") as Me;
  } catch {
    return undefined;
  }
}

const forget = (): void => remember(LAST, undefined);

/** Without it the app needs a network to open. */
function remember(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // This browser keeps nothing.
  }
}

onSessionProblem((problem) => {
  if (current.state !== "open" || current.locked) return;
  // What is typed and what is open stays; only a sign-in is asked for.
  current.session.outbox.pause();
  set({ ...current, locked: problem.code === "other_person" ? "other" : "ended" });
});

// Another tab signed in as somebody, or out: what is open here must not be taken for theirs.
channel?.addEventListener("message", (event: MessageEvent<number>) => {
  if (current.state !== "open") {
    void begin();
    return;
  }
  if (event.data === current.session.me.person) unlock(current.session);
  else {
    current.session.outbox.pause();
    set({ ...current, locked: event.data ? "other" : "ended" });
  }
});
