// Names of what a setting speaks of.

import { api, good } from "~/api/client";

export const formsQuery = {
  queryKey: ["forms"],
  queryFn: () => good(api.GET("/v4/forms")),
  staleTime: 60_000,
};

export const listsQuery = {
  queryKey: ["lists"],
  queryFn: () => good(api.GET("/v4/lists")),
  staleTime: 60_000,
};

interface Listed {
  id: number;
  name: string;
  children?: Listed[];
}

/** A list by its id, wherever in the tree. Pure. */
export function listNamed(lists: readonly Listed[], id: number): string | undefined {
  for (const list of lists) {
    if (list.id === id) return list.name;
    const below = listNamed(list.children ?? [], id);
    if (below) return below;
  }
  return undefined;
}
