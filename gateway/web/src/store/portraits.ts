// Whose picture is known, by their numbers: names stand everywhere, and so do faces, without each of them asking for everybody.

import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { Person } from "~/api/types";
import type { Contacts } from "./directory";

let known: ReadonlyMap<number, number> = new Map();
const listeners = new Set<() => void>();
let stop: () => void = () => undefined;

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Hears of everybody's pictures whenever the list of all people comes, from the server or from this device. */
export function hearPortraits(cache: QueryClient): void {
  // Those of whoever was signed in before are not these people's.
  stop();
  know([]);
  stop = cache.getQueryCache().subscribe(({ type, query }) => {
    if (type !== "updated" || query.queryKey[0] !== "contacts" || !query.state.data) return;
    const { organizations = [] } = query.state.data as Contacts;
    know(organizations.flatMap(({ persons }) => persons ?? []));
  });
}

/** Pictures that are not named are no more. */
function know(people: readonly { id: number; avatar_id?: number | null }[]): void {
  const next = new Map(people.flatMap(({ id, avatar_id }) => (avatar_id ? [[id, avatar_id]] : [])));
  if (next.size === known.size && [...next].every(([id, picture]) => known.get(id) === picture)) return;
  known = next;
  for (const listener of listeners) listener();
}

/** Where somebody's picture is, if the answer that names them says so, or the list of all people did. */
export function usePortrait({ id, avatar_id }: Pick<Person, "id" | "avatar_id">): string | undefined {
  const picture = useSyncExternalStore(subscribe, () => avatar_id ?? known.get(id));
  return picture === undefined ? undefined : `/avatar/${picture}`;
}
