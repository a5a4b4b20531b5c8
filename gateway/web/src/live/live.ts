// Everything that happens, as it happens, through one stream for all tabs of a person: one tab listens and tells the others. The place
// up to which it was read is kept, so that whoever comes back after a night is told what they missed.

import type { QueryClient } from "@tanstack/react-query";
import { createParser } from "eventsource-parser";
import { api, tellSessionProblem } from "~/api/client";
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

const PLACE = "live";
/** The pauses before the stream is opened again, in milliseconds. */
const PAUSE_FIRST = 1_000;
const PAUSE_MAX = 30_000;
/** The server says something every 20 s at least. */
const SILENCE_MAX = 50_000;
/** A comment and an id, and nothing else. */
const BEAT = /(?:^|\n):\nid: (\d+-\d+)\n\n/g;

export class Live {
  private readonly ended = new AbortController();
  private readonly channel: BroadcastChannel | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly hearers = new Set<(event: LiveEvent) => void>();
  private connection: AbortController | undefined;
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
    addEventListener("offline", () => this.become("offline"), { signal: this.ended.signal });
  }

  close(): void {
    this.ended.abort();
    clearTimeout(this.timer);
    this.connection?.abort();
    this.channel?.close();
  }

  /** Opens the stream anew, at once; nothing is missed by it. */
  readonly again = (): void => {
    if (!this.leads) {
      this.channel?.postMessage({ again: true } satisfies Told);
      return;
    }
    // What seems open after the network was away may be dead.
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
    this.connection?.abort();
    clearTimeout(this.timer);
    const connection = new AbortController();
    this.connection = connection;
    const place = await this.store.get("places", PLACE);
    const ended = await this.follow(place, connection).catch((error: unknown) => error);
    if (connection !== this.connection || this.ended.signal.aborted) return;
    this.become("offline");
    // A session that has ended is found out here as well; the client tells whoever must know.
    if (ended instanceof Problem && ended.needsSignIn) tellSessionProblem(ended);
    else this.later(ended instanceof Problem ? (ended.retryAfter ?? 0) * 1000 : 0);
  }

  /** Reads one stream to its end. A stream on which nothing comes for long is dead, whatever the network says of it. */
  private async follow(place: string | undefined, connection: AbortController): Promise<void> {
    const person = this.store.name.split("-").at(-1);
    const query = new URLSearchParams({ ...(place && { last_event_id: place }), ...(person && { person }) });
    let silence = setTimeout(() => connection.abort(), SILENCE_MAX);
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => connection.abort(), SILENCE_MAX);
    };
    try {
      const response = await fetch(`/v4/live?${query}`, {
        signal: connection.signal,
        headers: { Accept: "text/event-stream" },
      });
      if (!response.ok || !response.body) throw await Problem.of(response);
      const parser = createParser({ onEvent: ({ event, data, id }) => this.receive(event ?? "", data, id) });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        heard();
        parser.feed(part.value);
        // A beat says nothing but where one is.
        const beat = [...part.value.matchAll(BEAT)].at(-1)?.[1];
        if (beat) void this.store.put("places", PLACE, beat);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  private later(atLeast: number): void {
    const pause = Math.max(
      atLeast,
      Math.min(PAUSE_MAX, PAUSE_FIRST * 2 ** this.failures) * (0.5 + Math.random() / 2),
    );
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), pause);
  }

  private receive(name: string, data: string, place: string | undefined): void {
    this.failures = 0;
    const told: LiveEvent = { name, data: JSON.parse(data) as Record<string, unknown> };
    if (place) {
      told.place = place;
      void this.store.put("places", PLACE, place);
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
