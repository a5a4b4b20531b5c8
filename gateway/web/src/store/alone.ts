// Something that only one tab of a browser does, and the next one goes on with when that tab is closed.

/** Runs `work` while this tab holds the name. Without Web Locks every tab runs it. */
export function exclusively(name: string, signal: AbortSignal, work: () => Promise<void>): void {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  if (!locks) {
    void work();
    return;
  }
  locks.request(name, { signal }, work).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
