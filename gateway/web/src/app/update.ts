// The copy of the app that the browser keeps, and its successor: a newer one is announced, and taken when the person says so or when
// nothing is being typed.

import { whenIdle } from "~/ui/idle";

let waiting: ServiceWorker | undefined;
const listeners = new Set<() => void>();
/** How often a new version is looked for, in milliseconds. */
const EVERY = 15 * 60_000;

export const updateWaits = (): boolean => waiting !== undefined;

export function subscribeUpdate(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Goes over to the new version: everything typed is in the drafts by then. */
export function takeUpdate(): void {
  waiting?.postMessage({ type: "SKIP_WAITING" });
}

function found(worker: ServiceWorker): void {
  waiting = worker;
  for (const listener of listeners) listener();
}

export function keepAppFresh(): void {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  const controlled = navigator.serviceWorker.controller !== null;
  let reloading = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The very first worker takes over nothing.
    if (!controlled || reloading) return;
    reloading = true;
    location.reload();
  });
  if (controlled) void watch(controlled);
  // The first one fetches all of the app: after what the person waits for.
  else whenIdle(() => void watch(controlled));
}

function watch(controlled: boolean): Promise<void> {
  return navigator.serviceWorker
    .register("/sw.js", { updateViaCache: "none" })
    .then((registration) => {
      if (registration.waiting && controlled) found(registration.waiting);
      const follow = () => {
        const worker = registration.installing;
        worker?.addEventListener("statechange", () => {
          if (worker.state === "installed" && navigator.serviceWorker.controller) found(worker);
        });
      };
      follow();
      registration.addEventListener("updatefound", follow);
      const look = () => void registration.update().catch(() => undefined);
      setInterval(look, EVERY);
      addEventListener("nashi:reconnected", look);
      // Whoever comes back to a tab in which nothing is typed gets the new version without being asked.
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "hidden" && waiting && !isTyping()) takeUpdate();
      });
    })
    .catch(() => undefined);
}

function isTyping(): boolean {
  const at = document.activeElement;
  return at instanceof HTMLElement && (at.isContentEditable || at.matches("input, textarea, select"));
}
