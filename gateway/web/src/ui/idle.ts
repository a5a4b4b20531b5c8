// What can wait until the first screen is there and the browser has nothing to do.

/** After this at the latest, in milliseconds, whether the screen has said so or not. */
const LATEST = 4_000;

let there: () => void = () => undefined;
const first = new Promise<void>((resolve) => {
  there = resolve;
  setTimeout(resolve, LATEST);
});

/** The first screen is there, with what the person came for: what waits may begin. */
export const firstScreenThere = (): void => there();

/** Runs `work` after the first screen is there, between other work. */
export function whenIdle(work: () => void): void {
  void first.then(() =>
    typeof requestIdleCallback === "undefined"
      ? setTimeout(work, 200)
      : requestIdleCallback(work, { timeout: 2_000 }),
  );
}
