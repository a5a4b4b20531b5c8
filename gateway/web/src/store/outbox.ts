// Changes that are not in the log yet. One tab sends for all, in order; a change leaves the outbox when the server has accepted it, or
// when the person gives it up. What the server answers is handed to `accepted`. Files go ahead of the change that names them, beside
// all that is sent here (see `files/uploads.ts`).

import { pauseAfter } from "~/api/again";
import { send } from "~/api/client";
import { Problem } from "~/api/problem";
import { exclusively } from "./alone";
import { asSent, filesIn } from "./carried";
import type { Command, NewCommand, Refusal } from "./command";
import type { Store } from "./db";

/** Where an accepted change stands in the log, and what the server answered. */
export interface Accepted {
  command: Command;
  position: number;
  answer: unknown;
}

export type Sender = typeof send;

/** How it stands with the files of a change. */
export type Carried =
  | { state: "under_way" }
  | { state: "there"; guids: ReadonlyMap<string, string> }
  | { state: "refused"; refusal: Refusal };

/** Carries files to the server for the changes that name them. */
export interface Carrier {
  /** Resolves once these files are written down, as far as the browser lets them. */
  written(files: readonly string[]): Promise<void>;
  standing(files: readonly string[]): Carried;
  /** A change with these files is about to be sent: what stands for them stays the same from now on. */
  told(files: readonly string[]): void;
  /** Those that were refused are carried once more; `anew` those as well that the server had taken and knows no more. */
  again(files: readonly string[], anew: boolean): Promise<void>;
  /** Nothing names them any more. */
  drop(files: readonly string[]): Promise<void>;
  /** The network or the session is back: tries at once. */
  go(): void;
  /** Told whenever a file is there, refused or gone. */
  onSettled(listener: () => void): () => void;
  close(): void;
}

const NO_FILES = (): Promise<Carrier> => Promise.reject(new Error("files are not carried here"));
/** How long until what carries files is loaded once more, where it did not come, in milliseconds. */
const LOAD_AGAIN = 5_000;

export class Outbox {
  private commands: Command[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly waiting = new Map<
    string,
    { resolve: (accepted: Accepted) => void; reject: (error: unknown) => void }
  >();
  private readonly channel: BroadcastChannel | undefined;
  private readonly ended = new AbortController();
  private wake: (() => void) | undefined;
  private sends = false;
  private paused = false;
  private carrier: Carrier | undefined;
  private carries = false;

  private constructor(
    private readonly store: Store,
    private readonly accepted: (accepted: Accepted) => void,
    private readonly sender: Sender,
    private readonly files: () => Promise<Carrier>,
  ) {
    this.channel =
      typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(`${store.name}:outbox`);
    this.channel?.addEventListener("message", (event: MessageEvent<Message>) => void this.hear(event.data));
  }

  static async open(
    store: Store,
    accepted: (accepted: Accepted) => void,
    sender: Sender = send,
    files: () => Promise<Carrier> = NO_FILES,
  ): Promise<Outbox> {
    const outbox = new Outbox(store, accepted, sender, files);
    await outbox.load();
    exclusively(`${store.name}:outbox`, outbox.ended.signal, () => outbox.work());
    return outbox;
  }

  /** Everything that is not accepted, oldest first. The same array until something changes. */
  readonly pending = (): readonly Command[] => this.commands;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Writes a change down. It is shown and will be sent from then on, also after the tab has been closed. */
  async add(change: NewCommand): Promise<Command> {
    const order = Math.max(Date.now(), ...this.commands.map((command) => command.order + 1));
    const files = filesIn(change.body);
    const command: Command = {
      ...change,
      ...(files.length > 0 && { files }),
      id: crypto.randomUUID(),
      order,
      at: Date.now(),
      state: "queued",
      attempts: 0,
    };
    this.set([...this.commands, command]);
    // What it names is on disk before it is.
    if (command.files) await (await this.files()).written(command.files).catch(() => undefined);
    await this.store.put("commands", command.id, command);
    this.say({ changed: true });
    this.wake?.();
    return command;
  }

  /** Several, in one breath: a file that they share stays until the last of them was accepted. */
  addAll(changes: readonly NewCommand[]): Promise<Command[]> {
    return Promise.all(changes.map((change) => this.add(change)));
  }

  /** One, and waits for the server's answer. Rejects with the `Problem` when it is refused (the change stays, to be mended). */
  async settled(change: NewCommand): Promise<Accepted> {
    const command = await this.add(change);
    return new Promise((resolve, reject) => this.waiting.set(command.id, { resolve, reject }));
  }

  /** Sends a refused change once more, under a new id where its content was changed. */
  async again(id: string, body?: unknown): Promise<void> {
    const old = this.commands.find((command) => command.id === id);
    if (!old) return;
    const next: Command = { ...old, state: "queued", attempts: 0, refusal: undefined };
    const unknown = old.files !== undefined && old.refusal?.code === UNKNOWN_FILE;
    if (body !== undefined || unknown) {
      // What was refused had no effect, and another content needs another key.
      next.id = crypto.randomUUID();
      if (body !== undefined) next.body = body;
      const files = filesIn(next.body);
      next.files = files.length > 0 ? files : undefined;
      await this.store.delete("commands", id);
    }
    if (old.files) {
      const carrier = await this.files();
      await carrier.drop(old.files.filter((file) => !next.files?.includes(file)));
      if (next.files) await carrier.again(next.files, unknown);
    }
    await this.store.put("commands", next.id, next);
    this.set(this.commands.map((command) => (command.id === id ? next : command)));
    this.say({ changed: true });
    this.wake?.();
  }

  /**
   * Gives a change up. One that is being sent may take effect all the same, so it cannot be given up. `mended`: what it says is gone on
   * with, so its files are kept.
   */
  async discard(id: string, mended = false): Promise<void> {
    const command = this.commands.find((candidate) => candidate.id === id);
    if (!command || command.state === "sending") return;
    await this.store.delete("commands", id);
    this.set(this.commands.filter((candidate) => candidate.id !== id));
    this.say({ changed: true });
    if (!mended) await this.drop(command);
  }

  /** Drops the files of a change that has left, but for those that another one names as well. */
  private async drop({ files }: Command): Promise<void> {
    const left = files?.filter((file) => !this.commands.some((other) => other.files?.includes(file)));
    if (left?.length) await (await this.files()).drop(left);
  }

  /** Nobody is signed in: waits until `go`. */
  pause(): void {
    this.paused = true;
  }

  /** The network or the session is back: tries at once. */
  readonly go = (): void => {
    this.paused = false;
    this.carrier?.go();
    this.wake?.();
    this.say({ go: true });
  };

  close(): void {
    this.ended.abort();
    this.wake?.();
    this.channel?.close();
  }

  private async load(): Promise<void> {
    const commands = await this.store.all("commands");
    commands.sort((left, right) => left.order - right.order);
    // What another tab was sending when it was closed is sent again under the same id.
    this.set(
      this.sends
        ? commands
        : commands.map((command) =>
            command.state === "sending" ? { ...command, state: "queued" } : command,
          ),
    );
  }

  private set(commands: Command[]): void {
    this.commands = commands;
    for (const listener of this.listeners) listener();
  }

  private say(message: Message): void {
    this.channel?.postMessage(message);
  }

  private async hear(message: Message): Promise<void> {
    if (message.accepted) this.finish(message.accepted);
    if (message.refused) this.refuse(message.refused.id, message.refused.problem);
    if (message.changed) await this.load();
    if (message.go) {
      this.paused = false;
      this.carrier?.go();
    }
    this.wake?.();
  }

  private finish(accepted: Accepted): void {
    this.accepted(accepted);
    this.set(this.commands.filter((command) => command.id !== accepted.command.id));
    this.waiting.get(accepted.command.id)?.resolve(accepted);
    this.waiting.delete(accepted.command.id);
  }

  private refuse(id: string, problem: { status: number; code: string; message: string }): void {
    this.waiting.get(id)?.reject(new Problem(problem.status, problem.code, problem.message));
    this.waiting.delete(id);
  }

  /** Sends what is there, one after the other, until the tab is closed. */
  private async work(): Promise<void> {
    this.sends = true;
    while (!this.ended.signal.aborted) {
      const now = Date.now();
      const waiting = this.paused ? [] : this.commands.filter((command) => command.state !== "refused");
      const next = this.next(waiting, now);
      const pause = next ? await this.attempt(next) : soonest(waiting, now);
      if (pause === 0) continue;
      await this.sleep(pause);
    }
  }

  /** The first that can be sent. One whose files are under way holds up what is done to the same task after it, and nothing else. */
  private next(waiting: readonly Command[], now: number): Command | undefined {
    const held = new Set<number | undefined>();
    return waiting.find(({ after = 0, files, task }) => {
      if (after > now || (task !== undefined && held.has(task))) return false;
      if (!files || this.standing(files).state !== "under_way") return true;
      held.add(task);
      return false;
    });
  }

  private standing(files: readonly string[]): Carried {
    if (this.carrier) return this.carrier.standing(files);
    if (!this.carries) {
      this.carries = true;
      this.files().then(
        (carrier) => {
          this.carrier = carrier;
          const forget = carrier.onSettled(() => this.wake?.());
          this.ended.signal.addEventListener("abort", forget);
          this.wake?.();
        },
        () => {
          setTimeout(() => {
            this.carries = false;
            this.wake?.();
          }, LOAD_AGAIN);
        },
      );
    }
    return { state: "under_way" };
  }

  private sleep(pause: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = pause === undefined ? undefined : setTimeout(resolve, pause);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.ended.signal.aborted) this.wake();
    });
  }

  /** How long to wait before the next attempt, in milliseconds. */
  private async attempt(command: Command): Promise<number | undefined> {
    const carried = command.files && this.standing(command.files);
    if (carried?.state === "refused") {
      await this.isRefused(command, carried.refusal);
      return 0;
    }
    const guids = carried?.state === "there" ? carried.guids : NONE;
    if (command.files) this.carrier?.told(command.files);
    await this.change({ ...command, state: "sending", attempts: command.attempts + 1 });
    try {
      const body = asSent(command.body, guids);
      const { answer, position } = await this.sender(command.method, command.path, body, command.id);
      await this.store.delete("commands", command.id);
      const accepted = { command, position, answer };
      this.finish(accepted);
      this.say({ accepted });
      await this.drop(command);
      return 0;
    } catch (error) {
      const attempts = command.attempts + 1;
      if (error instanceof Problem && error.needsSignIn) {
        this.paused = true;
        await this.change({ ...command, state: "queued" });
        return undefined;
      }
      const pause = pauseAfter(error, attempts);
      if (pause !== undefined) {
        await this.change({ ...command, state: "queued", attempts });
        return pause;
      }
      const refusal =
        error instanceof Problem
          ? { status: error.status, code: error.code, message: error.message }
          : { status: 0, code: "unknown", message: String(error) };
      await this.isRefused({ ...command, attempts }, refusal);
      return 0;
    }
  }

  private async isRefused(command: Command, refusal: Refusal): Promise<void> {
    await this.change({ ...command, state: "refused", refusal });
    this.refuse(command.id, refusal);
    this.say({ refused: { id: command.id, problem: refusal } });
  }

  private async change(command: Command): Promise<void> {
    this.set(this.commands.map((candidate) => (candidate.id === command.id ? command : candidate)));
    await this.store.put("commands", command.id, command);
    this.say({ changed: true });
  }
}

/** In how many milliseconds the first of those that are held back may be sent. */
function soonest(held: readonly Command[], now: number): number | undefined {
  const later = held.flatMap(({ after = 0 }) => (after > now ? [after] : []));
  if (later.length === 0) return undefined;
  return Math.max(1, Math.min(...later) - Date.now());
}

const NONE: ReadonlyMap<string, string> = new Map();
/** The server knows no such file: it was uploaded too long ago. */
const UNKNOWN_FILE = "unrecognized_attachment_id";

interface Message {
  changed?: true;
  go?: true;
  accepted?: Accepted;
  refused?: { id: string; problem: { status: number; code: string; message: string } };
}
