// Answers seen before, shown at once and asked for again behind that. Kept by `db.ts` from one visit to the next.

import { QueryClient } from "@tanstack/react-query";
import { experimental_createQueryPersister } from "@tanstack/react-query-persist-client";
import { passes } from "~/api/problem";
import type { Store } from "./db";

/** Raised when the shape of what is kept changes: answers of before are forgotten. */
const SHAPE = "1";
const DAY = 86_400_000;
/** For how long an answer is shown without asking again, while the live stream says nothing, in milliseconds. */
const FRESH = 20_000;

export function openCache(store: Store): QueryClient {
  const persister = experimental_createQueryPersister<string>({
    storage: {
      getItem: (key) => store.get("answers", key),
      setItem: (key, value) => store.put("answers", key, value),
      removeItem: (key) => store.delete("answers", key),
    },
    buster: SHAPE,
    maxAge: 30 * DAY,
    // The stream changes what is in memory, not what is on disk: what comes from there is shown, and asked for again.
    refetchOnRestore: "always",
    // What a person searched for, and what only administrators see, is not kept on the device.
    filters: { predicate: (query) => query.meta?.kept !== false },
  });
  return new QueryClient({
    defaultOptions: {
      queries: {
        persister: persister.persisterFn,
        networkMode: "offlineFirst",
        staleTime: FRESH,
        gcTime: DAY,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && passes(error),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}
