// Everything that happens, as it happens, through one stream for all tabs of a person: one tab listens and tells the others. The place
// up to which it was read is kept, so that whoever comes back after a night is told what they missed.

import type { QueryClient } from "@tanstack/react-query";
import { api } from "~/api/client";
import { Problem } from "~/api/problem";
import { exclusively } from "~/store/alone";
import type { Store } from "~/store/db";
import type { Outbox } from "~/store/outbox";
import { apply } from "./apply";

export type LiveState = "connecting" | "live" | "offline";

/** Somebody who looks at a task now. */
export interface Present {
  id: number;
  writing: boolean;
}

export interface LiveEvent {
  name: string;
  data: Record<string, unknown>;
  place?: string;
}

/** What entries the server tells, by their names. */
const NAMES = [
  "hello",
  "task",
  "gone",
  "announcement",
  "inbox",
  "notified",
  "access",
  "reset",
  "presence",
  "query",
  "end",
];
const PLACE = "live";
/** The pauses before the stream is opened again, in milliseconds. */
const PAUSE_FIRST = 1_000;
const PAUSE_MAX = 30_000;

export class Live {
  private readonly ended = new AbortController();
  private readonly channel: BroadcastChannel | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly hearers = new Set<(event: LiveEvent) => void>();
  private source: EventSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private leads = false;
  private current: LiveState = "connecting";
  /** How the stream is called, to say over it what this person does. */
  private stream: string | undefined;
  private present: ReadonlyMap<number, readonly Present[]> = new Map();

  constructor(
    private readonly store: Store,
    private readonly cache: QueryClient,
    private readonly outbox: Outbox,
  ) {
    this.channel =
      typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(`${store.name}:live`);
    this.channel?.addEventListener("message", ({ data }: MessageEvent<Told>) => this.hear(data));
  }

  open(): void {
    exclusively(`${this.store.name}:live`, this.ended.signal, async () => {
      this.leads = true;
      await this.connect();
      await new Promise<void>((resolve) => this.ended.signal.addEventListener("abort", () => resolve()));
    });
    // Whoever leads tells a newcomer how things are.
    this.channel?.postMessage({ ask: true } satisfies Told);
    addEventListener("online", this.again, { signal: this.ended.signal });
  }

  close(): void {
    this.ended.abort();
    clearTimeout(this.timer);
    this.source?.close();
    this.channel?.close();
  }

  /** Tries at once, if the stream is not open. */
  readonly again = (): void => {
    if (!this.leads) {
      this.channel?.postMessage({ again: true } satisfies Told);
      return;
    }
    if (this.source?.readyState === EventSource.OPEN) return;
    clearTimeout(this.timer);
    void this.connect();
  };

  readonly state = (): LiveState => this.current;
  readonly presence = (): ReadonlyMap<number, readonly Present[]> => this.present;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Hears every entry, in this tab. */
  hearing(hearer: (event: LiveEvent) => void): () => void {
    this.hearers.add(hearer);
    return () => this.hearers.delete(hearer);
  }

  /** Says that this person looks at a task, or at none. */
  view(task: number | undefined): void {
    if (this.stream)
      void api
        .POST("/v4/live/viewing", { body: { stream: this.stream, task_id: task } })
        .catch(() => undefined);
  }

  /** Says that this person is writing in a task. */
  writes(task: number): void {
    if (this.stream)
      void api
        .POST("/v4/live/writing", { body: { stream: this.stream, task_id: task } })
        .catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const place = await this.store.get("places", PLACE);
    if (this.ended.signal.aborted) return;
    this.source?.close();
    const person = this.store.name.split("-").at(-1);
    const query = new URLSearchParams({ ...(place && { last_event_id: place }), ...(person && { person }) });
    const source = new EventSource(`/v4/live?${query}`);
    this.source = source;
    for (const name of NAMES)
      source.addEventListener(name, (event) => this.receive(name, event as MessageEvent<string>));
    source.addEventListener("error", () => {
      if (source !== this.source) return;
      this.become("offline");
      // Browsers come back by themselves after a cut, but not after an answer that is no stream.
      if (source.readyState === EventSource.CLOSED) this.later();
    });
  }

  private later(): void {
    const pause = Math.min(PAUSE_MAX, PAUSE_FIRST * 2 ** this.failures) * (0.5 + Math.random() / 2);
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      // A session that has ended is found out here; the client tells whoever must know.
      const problem = await api.GET("/v4/session").then(
        () => undefined,
        (error: unknown) => error,
      );
      if (problem instanceof Problem && problem.needsSignIn) this.later();
      else await this.connect();
    }, pause);
  }

  private receive(name: string, event: MessageEvent<string>): void {
    this.failures = 0;
    const told: LiveEvent = { name, data: JSON.parse(event.data) as Record<string, unknown> };
    if (event.lastEventId) {
      told.place = event.lastEventId;
      void this.store.put("places", PLACE, event.lastEventId);
    }
    if (name === "end") {
      this.source?.close();
      this.become("offline");
      this.later();
    }
    this.channel?.postMessage({ event: told } satisfies Told);
    this.take(told);
  }

  private take(event: LiveEvent): void {
    if (event.name === "hello") {
      this.stream = String(event.data.stream);
      this.become("live");
      this.outbox.go();
    }
    if (event.name === "presence") {
      const people = event.data.people as Present[];
      this.present = new Map(this.present).set(Number(event.data.task_id), people);
      this.changed();
    }
    apply(this.cache, event);
    for (const hearer of this.hearers) hearer(event);
  }

  private hear(told: Told): void {
    if (told.event) this.take(told.event);
    if (told.state) {
      this.stream = told.state.stream ?? this.stream;
      this.become(told.state.state);
    }
    if (told.again && this.leads) this.again();
    if (told.ask && this.leads) this.tell();
  }

  private become(state: LiveState): void {
    if (state === this.current) return;
    this.current = state;
    if (this.leads) this.tell();
    this.changed();
  }

  private tell(): void {
    this.channel?.postMessage({ state: { state: this.current, stream: this.stream } } satisfies Told);
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

interface Told {
  event?: LiveEvent;
  state?: { state: LiveState; stream?: string };
  ask?: true;
  again?: true;
}
