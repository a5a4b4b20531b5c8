// Files on their way to the server. Each is written down under an id of this browser's before anything of it is sent, and is brought to
// the server beside all else that is sent; whichever tab is open goes on with it. What names a file is held back until it is there (see
// `store/outbox.ts`).

import { pauseAfter } from "~/api/again";
import { Problem } from "~/api/problem";
import type { Messages } from "~/i18n";
import { type Attached, filesIn, type KeptFile } from "~/store/carried";
import type { Refusal } from "~/store/command";
import type { Store } from "~/store/db";
import type { Carried, Carrier } from "~/store/outbox";
import { Naps, Turns } from "./pace";
import { type Upload, upload } from "./upload";

export type FileState =
  /** Not sent yet, or not all of it. */
  | { state: "waits" }
  /** Which part is through, from 0 to 1. */
  | { state: "sending"; part: number }
  | { state: "there" }
  | { state: "refused"; refusal: Refusal };

/** How many go at the same time. */
const AT_ONCE = 2;
/** The server forgets what no task holds, after three days as it is set: by then it is brought anew, in milliseconds. */
const FRESH = 48 * 3_600_000;
/** What nothing names is kept this long, for who takes back what they cleared, in milliseconds. */
const LEFT_MAX = 24 * 3_600_000;

interface Held {
  file: KeptFile;
  state: FileState;
  /** Nothing where another tab has it. */
  blob?: Promise<Blob | undefined>;
  /** Whether it outlives the tab; unknown while it is written. */
  kept?: boolean;
  written: Promise<void>;
  stop: AbortController;
}

interface Message {
  /** The file with this id changed on disk. */
  changed?: string;
  gone?: string;
  /** Which part of it is through. */
  part?: { id: string; part: number };
}

export class Uploads implements Carrier {
  private readonly held = new Map<string, Held>();
  private readonly listeners = new Set<() => void>();
  private readonly settledListeners = new Set<() => void>();
  private readonly channel: BroadcastChannel | undefined;
  private readonly ended = new AbortController();
  private readonly naps = new Naps();
  private readonly turns = new Turns(AT_ONCE);

  private constructor(
    private readonly store: Store,
    private readonly words: Messages["files"],
    private readonly upload: Upload,
  ) {
    this.channel =
      typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(`${store.name}:files`);
    this.channel?.addEventListener("message", (event: MessageEvent<Message>) => void this.hear(event.data));
    globalThis.addEventListener?.("online", this.go, { signal: this.ended.signal });
    globalThis.addEventListener?.("beforeunload", this.holdTab, { signal: this.ended.signal });
  }

  static async open(store: Store, words: Messages["files"], how: Upload = upload): Promise<Uploads> {
    const uploads = new Uploads(store, words, how);
    for (const file of await store.all("files")) void uploads.bring(uploads.take(file));
    void uploads.sweep();
    return uploads;
  }

  /** Takes a file in: it is written down, and goes to the server. What stands for it is made by `attach.ts`. */
  add(id: string, blob: File | Blob, { name, size, media_type = "" }: Attached): void {
    const file: KeptFile = {
      id,
      name,
      size: size ?? blob.size,
      media_type,
      at: Date.now(),
      key: crypto.randomUUID(),
      ...(blob.size === 0 && {
        refusal: { status: 400, code: "empty_file", message: this.words.empty(name), file: id },
      }),
    };
    const held = this.take(file, blob);
    held.written = this.store.put("blobs", id, blob).then(async (kept) => {
      held.kept = kept;
      await this.store.put("files", id, held.file);
      this.say({ changed: id });
      this.changed();
    });
    void this.bring(held);
  }

  /** The same object until something changes; nothing of a file that is not here. */
  readonly stateOf = (id: string): FileState | undefined => this.held.get(id)?.state;

  /** Whether it is lost with the tab: the browser has no room for it. */
  readonly isUnkept = (id: string): boolean => {
    const held = this.held.get(id);
    return held?.kept === false && held.state.state !== "there";
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  onSettled(listener: () => void): () => void {
    this.settledListeners.add(listener);
    return () => this.settledListeners.delete(listener);
  }

  /** What is in it, where this browser has it. */
  async blob(id: string): Promise<Blob | undefined> {
    return this.held.get(id)?.blob ?? this.store.get("blobs", id);
  }

  async written(files: readonly string[]): Promise<void> {
    await Promise.all(files.map((id) => this.held.get(id)?.written));
  }

  standing(files: readonly string[]): Carried {
    const guids = new Map<string, string>();
    let under_way = false;
    for (const id of files) {
      const held = this.held.get(id);
      if (!held) {
        // Another tab may have taken it in, and not told of it yet.
        void this.reread(id).then((found) => !found && this.isLost(id));
        under_way = true;
        continue;
      }
      const { file, state } = held;
      if (state.state === "refused") return { state: "refused", refusal: state.refusal };
      const stale = !file.told && file.uploaded !== undefined && file.uploaded + FRESH < Date.now();
      if (stale) void this.again([id], true);
      if (stale || !file.guid) under_way = true;
      else guids.set(id, file.guid);
    }
    return under_way ? { state: "under_way" } : { state: "there", guids };
  }

  told(files: readonly string[]): void {
    for (const id of files) {
      const held = this.held.get(id);
      if (held && !held.file.told) this.put(held, { told: true });
    }
  }

  async again(files: readonly string[], anew: boolean): Promise<void> {
    for (const id of files) {
      const held = this.held.get(id);
      if (!held || !(anew || held.file.refusal)) continue;
      held.state = { state: "waits" };
      this.put(held, {
        key: crypto.randomUUID(),
        guid: undefined,
        uploaded: undefined,
        told: undefined,
        refusal: undefined,
      });
      void this.bring(held);
    }
    await this.written(files);
  }

  async drop(files: readonly string[]): Promise<void> {
    for (const id of files) {
      this.forget(id);
      await this.store.delete("files", id);
      await this.store.delete("blobs", id);
      this.say({ gone: id });
    }
  }

  readonly go = (): void => {
    this.naps.wake();
  };

  /** What would be lost with the tab is asked about before it is closed. */
  private readonly holdTab = (event: Event): void => {
    if ([...this.held.keys()].some(this.isUnkept)) event.preventDefault();
  };

  close(): void {
    this.ended.abort();
    for (const { stop } of this.held.values()) stop.abort();
    this.go();
    this.channel?.close();
  }

  /** Knows of it from now on. */
  private take(file: KeptFile, blob?: Blob): Held {
    const held: Held = {
      file,
      state: stateIn(file),
      blob: blob && Promise.resolve(blob),
      written: Promise.resolve(),
      stop: new AbortController(),
    };
    this.held.set(file.id, held);
    this.changed();
    return held;
  }

  private forget(id: string): void {
    const held = this.held.get(id);
    if (!held) return;
    this.held.delete(id);
    held.stop.abort();
    this.go();
    this.settled();
  }

  private put(held: Held, part: Partial<KeptFile>): void {
    held.file = { ...held.file, ...part };
    const { file } = held;
    held.written = held.written.then(async () => {
      if (this.held.get(file.id) !== held) return;
      await this.store.put("files", file.id, file);
      this.say({ changed: file.id });
    });
    if (part.guid || part.refusal) this.settled();
    else this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }

  private settled(): void {
    this.changed();
    for (const listener of this.settledListeners) listener();
  }

  private say(message: Message): void {
    if (!this.ended.signal.aborted) this.channel?.postMessage(message);
  }

  private async hear({ changed, gone, part }: Message): Promise<void> {
    if (changed) await this.reread(changed);
    if (gone) this.forget(gone);
    const held = part && this.held.get(part.id);
    if (held?.state.state === "waits" || held?.state.state === "sending") {
      held.state = { state: "sending", part: part?.part ?? 0 };
      this.changed();
    }
  }

  /** What is on disk of it now, as another tab may have left it. */
  private async reread(id: string): Promise<boolean> {
    await this.held.get(id)?.written;
    const file = await this.store.get("files", id);
    const held = this.held.get(id);
    if (!file) return held !== undefined;
    if (!held) void this.bring(this.take(file));
    else if (held.file.guid !== file.guid || held.file.refusal?.code !== file.refusal?.code) {
      held.file = file;
      held.state = stateIn(file);
    }
    this.settled();
    return true;
  }

  /** The browser has it no more: whoever has to go on without it is told. */
  private isLost(id: string, name?: string): void {
    const held = this.held.get(id);
    const refusal = { status: 0, code: "file_lost", message: this.words.lost(name), file: id };
    if (held) {
      held.state = { state: "refused", refusal };
      this.put(held, { refusal });
      return;
    }
    const file: KeptFile = { id, name: name ?? "", size: 0, media_type: "", at: 0, key: id, refusal };
    this.held.set(id, {
      file,
      state: { state: "refused", refusal },
      written: Promise.resolve(),
      stop: new AbortController(),
    });
    this.settled();
  }

  /** Brings one to the server, however long that takes. One tab does it at a time, and the next one goes on. */
  private async bring(held: Held): Promise<void> {
    if (held.state.state !== "waits") return;
    const { id } = held.file;
    const { signal } = held.stop;
    const work = async () => {
      await held.written;
      if (await this.isDone(held)) return;
      await this.turns.take(() => this.tries(held));
    };
    const locks = (globalThis.navigator as Navigator | undefined)?.locks;
    if (!locks) await work();
    else
      await locks.request(`${this.store.name}:file:${id}`, { signal }, work).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
  }

  private async isDone(held: Held): Promise<boolean> {
    if (held.stop.signal.aborted) return true;
    await this.reread(held.file.id);
    return Boolean(held.file.guid || held.file.refusal);
  }

  private async tries(held: Held): Promise<void> {
    const { signal } = held.stop;
    const { id, name } = held.file;
    for (let attempts = 1; !signal.aborted; attempts += 1) {
      const blob = await this.blob(id);
      if (!blob) {
        if (!signal.aborted) this.isLost(id, name);
        return;
      }
      try {
        const guid = await this.upload(
          { name, blob, key: held.file.key },
          (part) => this.isThrough(held, part),
          signal,
        );
        held.state = { state: "there" };
        this.put(held, { guid, uploaded: Date.now() });
        return;
      } catch (error) {
        if (signal.aborted) return;
        const needsSignIn = error instanceof Problem && error.needsSignIn;
        const pause = needsSignIn ? undefined : pauseAfter(error, attempts);
        if (!needsSignIn && pause === undefined) {
          const refusal = this.refusalOf(error, id, name);
          held.state = { state: "refused", refusal };
          this.put(held, { refusal });
          return;
        }
        held.state = { state: "waits" };
        this.changed();
        await this.naps.sleep(pause, signal);
      }
    }
  }

  /** In the server's words, which do not name the file; a proxy that bounds bodies has none. */
  private refusalOf(error: unknown, file: string, name: string): Refusal {
    if (!(error instanceof Problem)) return { status: 0, code: "unknown", message: String(error), file };
    const { status, code } = error;
    const message = status === 413 ? this.words.tooLarge(name) : `${name}: ${error.message}`;
    return { status, code, message, file };
  }

  private isThrough(held: Held, part: number): void {
    const before = held.state.state === "sending" ? held.state.part : -1;
    if (part < 1 && part - before < 0.01) return;
    held.state = { state: "sending", part };
    this.changed();
    this.say({ part: { id: held.file.id, part } });
  }

  /** Drops what neither a draft nor a change names any more, and was sent or chosen so long ago, in milliseconds. */
  async sweep(age = LEFT_MAX): Promise<void> {
    const [commands, drafts] = await Promise.all([this.store.all("commands"), this.store.all("drafts")]);
    const named = new Set(
      [...commands.map(({ body }) => body), ...drafts.map(({ value }) => value)].flatMap(filesIn),
    );
    const left = [...this.held.values()].filter(
      ({ file }) => !named.has(file.id) && (file.told || file.at + age <= Date.now()),
    );
    await this.drop(left.map(({ file }) => file.id));
  }
}

function stateIn({ guid, refusal }: KeptFile): FileState {
  if (refusal) return { state: "refused", refusal };
  return guid ? { state: "there" } : { state: "waits" };
}
