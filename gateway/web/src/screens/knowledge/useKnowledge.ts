// The knowledge base: its tree, its articles and their versions.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, good, type Schemas } from "~/api/client";

export type Entity = Schemas["ArticleEntity"];

/** Something in the tree. */
export interface Item {
  id: string;
  title: string;
  type: string;
  parent_topic_id?: string | null;
  updated_at: string;
  access_right: string;
  children?: Item[];
}

const TREE = ["knowledge", "tree"];
const NO_ITEMS: Item[] = [];

export function useTree() {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: TREE,
    queryFn: () => good(api.GET("/v4/knowledgebase/structure")),
    staleTime: 60_000,
  });
  const items = (data as { items?: Item[] } | undefined)?.items ?? NO_ITEMS;
  return { items, known: Boolean(data), error, isPending, refetch };
}

export const entityQuery = (id: string, version?: number) => ({
  queryKey: version ? ["knowledge", id, version] : ["knowledge", id],
  queryFn: () =>
    good(
      api.GET("/v4/knowledgebase/{id}", { params: { path: { id }, query: version ? { version } : {} } }),
    ) as Promise<Entity>,
});

export const useEntity = (id: string, version?: number) => useQuery(entityQuery(id, version));

export function useVersions(id: string) {
  return useQuery({
    queryKey: ["knowledge", id, "versions"],
    queryFn: () => good(api.GET("/v4/knowledgebase/{id}/versions", { params: { path: { id } } })),
  });
}

export function usePermissions(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ["knowledge", id, "permissions"],
    queryFn: () => good(api.GET("/v4/knowledgebase/{id}/permissions", { params: { path: { id } } })),
    enabled,
    meta: { kept: false },
  });
}

/** A change; afterwards all that is shown of the knowledge base is asked for again. */
export function useChange<T>(change: (body: T) => Promise<unknown>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => cache.invalidateQueries({ queryKey: ["knowledge"] }),
  });
}

export const changes = {
  create: (body: Schemas["CreateArticle"]) =>
    good(api.POST("/v4/knowledgebase", { body })) as Promise<Entity>,
  change: (id: string, body: Schemas["ChangeArticle"]) =>
    good(api.PUT("/v4/knowledgebase/{id}", { params: { path: { id } }, body })) as Promise<Entity>,
  remove: (id: string, delete_with_children: boolean) =>
    good(api.DELETE("/v4/knowledgebase/{id}", { params: { path: { id }, query: { delete_with_children } } })),
  permit: (id: string, body: Schemas["PermitArticle"]) =>
    good(api.PUT("/v4/knowledgebase/{id}/permissions", { params: { path: { id } }, body })),
};

/** From the top down to the item, itself last. */
export function wayTo(items: readonly Item[], id: string): Item[] {
  for (const item of items) {
    if (item.id === id) return [item];
    const way = wayTo(item.children ?? [], id);
    if (way.length > 0) return [item, ...way];
  }
  return [];
}

/** Topics under which something may be put, with the way to each; not under itself. */
export function topicsOf(
  items: readonly Item[],
  without?: string,
  before: string[] = [],
): [string, string][] {
  return items
    .filter(({ id, type }) => type === "topic" && id !== without)
    .flatMap((item) => {
      const way = [...before, item.title];
      return [
        ...(item.access_right === "write" ? [[item.id, way.join(" / ")] as [string, string]] : []),
        ...topicsOf(item.children ?? [], without, way),
      ];
    });
}
