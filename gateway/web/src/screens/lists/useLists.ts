// The lists that one sees, and what one may do with them.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, good, type Schemas } from "~/api/client";
import { useSession } from "~/app/context";
import { useDirectory } from "~/store/directory";
import { may, useRights } from "~/store/rights";
import { type Asker, type List, moved } from "./tree";

export type WriteList = Schemas["WriteList"] & {
  added_manager_ids?: number[];
  removed_manager_ids?: number[];
  added_member_ids?: number[];
  removed_member_ids?: number[];
};

const KEY = ["lists"];
const NO_LISTS: List[] = [];

export function useLists() {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: KEY,
    queryFn: () => good(api.GET("/v4/lists")),
    staleTime: 60_000,
  });
  return { lists: data?.lists ?? NO_LISTS, known: Boolean(data), error, isPending, refetch };
}

export function useAsker(): Asker {
  const { me } = useSession();
  const directory = useDirectory();
  const rights = useRights();
  return useMemo(
    () => ({
      ids: new Set([
        me.person,
        ...directory.roles.filter(({ member_ids }) => member_ids?.includes(me.person)).map(({ id }) => id),
      ]),
      managesAll: may(rights, "editLists"),
    }),
    [me.person, directory, rights],
  );
}

/** Makes a list (without `id`), or changes one. */
export function useWriteList() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: WriteList) =>
      id
        ? good(api.POST("/v4/lists/{id}", { params: { path: { id } }, body }))
        : good(api.PUT("/v4/lists", { body })),
    onMutate: ({ id, parent_id }) => {
      if (!id || parent_id === undefined || parent_id === null) return;
      cache.setQueryData<{ lists?: List[] }>(KEY, (old) =>
        old ? { ...old, lists: moved(old.lists ?? [], id, parent_id) } : old,
      );
    },
    onSettled: () => cache.invalidateQueries({ queryKey: KEY }),
  });
}

export function useDeleteList() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => good(api.DELETE("/v4/lists/{id}", { params: { path: { id } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: KEY }),
  });
}
