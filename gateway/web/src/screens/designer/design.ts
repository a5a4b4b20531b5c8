// A form that is being designed: the definition with undo, saved as the draft while one works, and what the server said of it. What
// it refused, or did not hear, is kept on the device. Not how it looks.

import { Problem, Unreachable } from "~/api/problem";
import { type Flaw, flaws, placeOf, type Where } from "./model/check";
import { difference } from "./model/differ";
import { type Doc, find, fromWire, type Ids, takeIds, toWire } from "./model/doc";
import { begun, did, type History, redone, undone } from "./model/history";
import type { Defined, Definition } from "./model/wire";

/** What the server and the device do for it. */
export interface Ports {
  read(): Promise<Defined>;
  /** Refused as `conflict` where the server has another definition than the one that was seen. */
  save(definition: Definition, seen: Defined): Promise<void>;
  keep(kept: Kept | undefined): void;
}

/** What is on the device until the server has taken it. */
export interface Kept {
  base: string;
  doc: Doc;
  ids: [string, number][];
}

export type Saving =
  | { state: "saved" }
  | { state: "unsaved" }
  | { state: "saving" }
  | { state: "refused"; problem: Problem; where?: Where }
  | { state: "offline" }
  | { state: "conflict"; theirs: Defined };

export interface Seen {
  doc: Doc;
  ids: Ids;
  saving: Saving;
  defined: Defined;
  canUndo: boolean;
  canRedo: boolean;
  flaws: Flaw[];
  /** The draft says something else than what is published. */
  differs: boolean;
}

/** How long one may pause before the draft is saved, in milliseconds. */
const PAUSE = 900;
/** After how long the server is tried again, in milliseconds. */
const AGAIN = 5_000;

const shownOf = (defined: Defined): Definition => defined.draft ?? defined.published;
const textOf = (defined: Defined): string => JSON.stringify(shownOf(defined));

export class Design {
  private history: History<Doc>;
  private ids: Ids;
  /** As the server had it when it was last known, as text. */
  private base: string;
  private saved: Doc;
  private saving: Saving = { state: "saved" };
  private timer?: ReturnType<typeof setTimeout>;
  private busy = false;
  private closed = false;
  private readonly listeners = new Set<() => void>();
  private seen?: Seen;

  constructor(
    private defined: Defined,
    private readonly ports: Ports,
    kept?: Kept,
  ) {
    const { doc, ids } = fromWire(shownOf(defined));
    this.base = textOf(defined);
    this.history = begun(doc);
    this.ids = ids;
    this.saved = doc;
    if (!kept) return;
    this.history = did(this.history, kept.doc, undefined, 0);
    this.ids = new Map([...ids, ...kept.ids]);
    if (kept.base === this.base) this.later(0);
    else this.saving = { state: "conflict", theirs: defined };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): Seen => {
    this.seen ??= {
      doc: this.doc,
      ids: this.ids,
      saving: this.saving,
      defined: this.defined,
      canUndo: this.history.past.length > 0,
      canRedo: this.history.future.length > 0,
      flaws: flaws(this.doc, this.ids),
      differs:
        this.doc !== this.saved ||
        (this.defined.draft !== undefined &&
          difference(this.defined.published, this.defined.draft).length > 0),
    };
    return this.seen;
  };

  get doc(): Doc {
    return this.history.now;
  }

  /** `tag` names what is changed, where changes that follow each other closely are one. */
  edit(change: (doc: Doc) => Doc, tag?: string): void {
    this.take(did(this.history, change(this.doc), tag, Date.now()));
  }

  undo(): void {
    this.take(undone(this.history));
  }

  redo(): void {
    this.take(redone(this.history));
  }

  /** The definition as the server would take it now. */
  definition(): Definition {
    return toWire(this.doc, this.ids).definition;
  }

  /** Saves what is not saved yet, at once. Whether the server has all of it. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer);
    if (this.saving.state === "conflict") return false;
    for (let turn = 0; turn < 3 && (this.doc !== this.saved || this.busy); turn += 1) await this.save();
    return this.doc === this.saved;
  }

  takeTheirs(): void {
    if (this.saving.state !== "conflict") return;
    const { theirs } = this.saving;
    this.adopt(theirs);
    this.ports.keep(undefined);
  }

  keepMine(): void {
    if (this.saving.state !== "conflict") return;
    this.defined = this.saving.theirs;
    this.base = textOf(this.defined);
    this.set({ state: "unsaved" });
    this.later(0);
  }

  /** The server has another definition: published elsewhere, or by this very screen. */
  heard(defined: Defined): void {
    if (this.busy || this.closed) return;
    if (textOf(defined) === this.base) {
      this.defined = defined;
      this.changed();
    } else if (this.doc === this.saved) this.adopt(defined);
    else this.set({ state: "conflict", theirs: defined });
  }

  close(): void {
    void this.flush();
    this.closed = true;
  }

  private adopt(defined: Defined): void {
    const { doc, ids } = fromWire(shownOf(defined));
    this.defined = defined;
    this.base = textOf(defined);
    this.ids = new Map([...this.ids, ...ids]);
    this.history = did(this.history, doc, undefined, Date.now());
    this.saved = doc;
    this.set({ state: "saved" });
  }

  private take(history: History<Doc>): void {
    if (history === this.history) return;
    this.history = history;
    if (this.saving.state === "conflict") {
      this.keepOnDevice();
      this.changed();
      return;
    }
    if (this.doc === this.saved) {
      this.ports.keep(undefined);
      this.set({ state: "saved" });
      return;
    }
    this.keepOnDevice();
    this.set({ state: "unsaved" });
    this.later(PAUSE);
  }

  private keepOnDevice(): void {
    this.ports.keep({ base: this.base, doc: this.doc, ids: [...this.ids] });
  }

  private later(wait: number): void {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(() => void this.save(), wait);
  }

  private async save(): Promise<void> {
    if (this.busy || this.saving.state === "conflict" || this.doc === this.saved) return;
    this.busy = true;
    this.set({ state: "saving" });
    const sent = this.doc;
    const { definition, whole } = toWire(sent, this.ids);
    try {
      const before = await this.ports.read();
      if (textOf(before) !== this.base) {
        this.set({ state: "conflict", theirs: before });
        return;
      }
      await this.ports.save(definition, before);
      const after = await this.ports.read();
      this.defined = after;
      this.base = textOf(after);
      this.ids = takeIds(sent, shownOf(after), this.ids);
      if (whole) this.saved = sent;
      if (this.doc === sent && whole) {
        this.ports.keep(undefined);
        this.set({ state: "saved" });
      } else {
        this.keepOnDevice();
        this.set({ state: "unsaved" });
        this.later(whole ? PAUSE : 0);
      }
    } catch (error) {
      if (error instanceof Problem && error.code === "conflict") {
        // Somebody else was faster by a moment: what they saved is read by the next try.
        this.set({ state: "unsaved" });
        this.later(PAUSE);
      } else if (error instanceof Problem && !error.passes) {
        const known = shownOf(this.defined);
        this.set({ state: "refused", problem: error, where: placeOf(error.message, sent, this.ids, known) });
      } else if (error instanceof Problem || error instanceof Unreachable) {
        this.set({ state: "offline" });
        this.later(AGAIN);
      } else throw error;
    } finally {
      this.busy = false;
      if (this.doc !== sent && this.saving.state === "refused") this.later(PAUSE);
    }
  }

  private set(saving: Saving): void {
    this.saving = saving;
    this.changed();
  }

  private changed(): void {
    this.seen = undefined;
    for (const listener of this.listeners) listener();
  }
}

/** Where a flaw or a refusal is, as something that can be chosen. */
export function chosenBy(where: Where, doc: Doc): Chosen | undefined {
  if (where.step) return { step: where.step };
  return where.field && find(doc, where.field) ? { field: where.field } : undefined;
}

export interface Chosen {
  field?: string;
  step?: string;
}
