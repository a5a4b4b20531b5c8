// The rows of a register, page by page, kept true while one looks: what the stream says has changed is asked for by itself, and the
// rows around it stay where they are.

import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "~/api/client";
import { useSession } from "~/app/context";
import type { Store } from "~/store/db";
import type { RegisterTask } from "./columns";
import { type Held, merged } from "./merge";

/** Rows of the first page, which is there at once; and of those behind it. */
const FIRST = 200;
const PAGE = 1_000;
/** Of those behind it, where the whole is wanted: fewer and longer answers. */
const PAGE_OF_WHOLE = 5_000;
/** Rows that changed together and are asked for by themselves; more are a new beginning. */
const CHANGED_MAX = 500;
/** How far back changes are looked for, in milliseconds: views follow the log a little later. */
const OVERLAP = 10_000;
/** A register whose change nobody can name is read anew at most so often, in milliseconds. */
const ANEW = 20_000;

interface Answer {
  tasks: RegisterTask[];
  has_more: boolean;
  at: number;
}

async function ask(form: number, body: Record<string, unknown>): Promise<Answer> {
  const { data, response } = await api.POST("/v4/forms/{id}/register", {
    params: { path: { id: form } },
    body: body as never,
  });
  const date = Date.parse(response.headers.get("Date") ?? "");
  const answer = data as unknown as { tasks?: RegisterTask[]; has_more: boolean };
  return {
    tasks: answer.tasks ?? [],
    has_more: answer.has_more,
    at: Number.isFinite(date) ? date : Date.now(),
  };
}

const momentOf = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** Everything up to as many rows as were held, read anew. */
async function anew(form: number, body: Record<string, unknown>, count: number): Promise<Held> {
  const { tasks, has_more, at } = await ask(form, {
    ...body,
    item_count: Math.max(FIRST, Math.min(count, 20_000)),
  });
  return { tasks, has_more, at };
}

async function refreshed(
  form: number,
  body: Record<string, unknown>,
  client: QueryClient,
  key: readonly unknown[],
): Promise<Held> {
  const held = () => client.getQueryData<Held>(key);
  const old = held();
  if (!old || old.at === 0) return anew(form, body, FIRST);
  const rising = body.sort === "id";
  const {
    tasks: touched,
    has_more,
    at,
  } = await ask(form, {
    modified_after: momentOf(old.at - OVERLAP),
    include_archived: true,
    item_count: CHANGED_MAX,
    ...(Array.isArray(body.field_ids) && body.field_ids.length > 0
      ? { field_ids: body.field_ids.slice(0, 1) }
      : {}),
  });
  const known = new Map(old.tasks.map((task) => [task.id, task.last_modified_date]));
  const changed = touched.map(({ id }) => id);
  const told = touched.some(({ id, last_modified_date }) => known.get(id) !== last_modified_date);
  // Something went that tells of no change of its own: a task deleted, a right taken away.
  if (has_more || (!told && at - old.at > (old.tasks.length > 2 * PAGE ? ANEW : 0))) {
    return anew(form, body, old.tasks.length);
  }
  const found =
    changed.length === 0
      ? []
      : (await ask(form, { ...body, task_ids: changed, item_count: CHANGED_MAX })).tasks;
  // Pages may have come in meanwhile.
  return { ...merged(held() ?? old, changed, found, rising), at };
}

/** What was seen last, shown before anything is asked. */
const place = (form: number, name: string) => `register:${form}:${name}`;

async function recall(store: Store, form: number, name: string): Promise<Held | undefined> {
  try {
    const text = await store.get("places", place(form, name));
    return text ? { ...(JSON.parse(text) as Held), at: 0 } : undefined;
  } catch {
    return undefined;
  }
}

export interface Rows {
  tasks: readonly RegisterTask[];
  has_more: boolean;
  /** Nothing is known yet. */
  opening: boolean;
  /** Rows of another question are shown until those of this one are here. */
  changing: boolean;
  loading: boolean;
  error: unknown;
  more: () => void;
  /** Reads all there is, for what needs the whole. */
  all: () => void;
  again: () => void;
}

/** `body` is what is asked; `name` tells questions apart whose first page is to be kept. */
export function useRows(form: number, body: Record<string, unknown>): Rows {
  const client = useQueryClient();
  const { store } = useSession();
  const asks = JSON.stringify(body);
  const key = ["register", form, "rows", asks];
  const [loading, setLoading] = useState(false);
  const [failed, setFailed] = useState<unknown>();
  const whole = useRef(false);
  const busy = useRef<string>(undefined);

  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: key,
    queryFn: () => refreshed(form, body, client, key),
    meta: { kept: false },
    structuralSharing: false,
    gcTime: 300_000,
    placeholderData: (previous: Held | undefined) => previous,
  });

  // What was seen on another visit, until the server has answered.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the question
  useEffect(() => {
    let gone = false;
    void recall(store, form, asks).then((seen) => {
      if (!gone && seen && !client.getQueryData(key)) client.setQueryData(key, seen, { updatedAt: 1 });
    });
    return () => {
      gone = true;
    };
  }, [store, form, asks]);
  const at = isPlaceholderData ? 0 : (data?.at ?? 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: written once for each answer
  useEffect(() => {
    if (!data || at === 0) return;
    const first: Held = {
      tasks: data.tasks.slice(0, FIRST),
      has_more: data.has_more || data.tasks.length > FIRST,
      at,
    };
    const timer = setTimeout(() => void store.put("places", place(form, asks), JSON.stringify(first)), 1_000);
    return () => clearTimeout(timer);
  }, [at]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the question
  const more = useCallback(async () => {
    if (busy.current === asks) return;
    busy.current = asks;
    setLoading(true);
    setFailed(undefined);
    try {
      do {
        const held = client.getQueryData<Held>(key);
        if (!held?.has_more || held.at === 0) break;
        const last = held.tasks.at(-1)?.id;
        const { tasks, has_more } = await ask(form, {
          ...body,
          after: last,
          item_count: whole.current ? PAGE_OF_WHOLE : PAGE,
        });
        client.setQueryData<Held>(key, (now) => {
          if (!now || now.tasks.at(-1)?.id !== last) return now;
          return { ...now, tasks: [...now.tasks, ...tasks], has_more };
        });
      } while (whole.current && busy.current === asks);
    } catch (problem) {
      setFailed(problem);
    } finally {
      if (busy.current === asks) busy.current = undefined;
      setLoading(false);
    }
  }, [asks, client, form]);

  const all = useCallback(() => {
    whole.current = true;
    void more();
  }, [more]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins with its first page
  useEffect(() => {
    whole.current = false;
  }, [asks]);

  return {
    tasks: data?.tasks ?? NONE,
    has_more: data?.has_more ?? false,
    opening: data === undefined,
    changing: isPlaceholderData,
    loading,
    error: error ?? failed,
    more: () => void more(),
    all,
    again: () => void refetch(),
  };
}

const NONE: RegisterTask[] = [];
