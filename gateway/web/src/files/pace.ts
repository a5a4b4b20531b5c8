// How fast things go: at most so many at once, and pauses that can be cut short. Nothing of what they are.

/** Runs what it is given, at most `most` at the same time, the others in the order in which they came. */
export class Turns {
  private readonly queue: (() => void)[] = [];
  private going = 0;

  constructor(private readonly most: number) {}

  async take(work: () => Promise<void>): Promise<void> {
    if (this.going >= this.most) await new Promise<void>((resolve) => this.queue.push(resolve));
    this.going += 1;
    try {
      await work();
    } finally {
      this.going -= 1;
      this.queue.shift()?.();
    }
  }
}

/** Those who wait, and may all be woken. */
export class Naps {
  private readonly sleeping = new Set<() => void>();

  /** Until then, in milliseconds, until `wake`, or until it is given up. */
  sleep(pause: number | undefined, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.sleeping.delete(wake);
        resolve();
      };
      const timer = pause === undefined ? undefined : setTimeout(wake, pause);
      this.sleeping.add(wake);
      if (signal.aborted) wake();
    });
  }

  wake(): void {
    for (const wake of this.sleeping) wake();
  }
}
