// What the person who is signed in may administer, by their rights.

import { useQuery } from "@tanstack/react-query";
import { api, good } from "~/api/client";
import { useSession } from "~/app/context";

/** The bits of a person's rights, as the API has them. */
export const RIGHTS = {
  manageRoles: 0x1,
  seeAllTasks: 0x2,
  managePersons: 0x4,
  editLists: 0x8,
  editSettings: 0x10,
  deleteOwnTasks: 0x20,
  closeDeleteAnnouncements: 0x40,
  bills: 0x80,
  invite: 0x100,
  deleteOthersTasks: 0x200,
  manageIntegrations: 0x400,
  createAnnouncements: 0x800,
} as const;

export type Right = keyof typeof RIGHTS;

export const may = (rights: number, ...any: readonly Right[]): boolean =>
  any.some((right) => (rights & RIGHTS[right]) !== 0);

export const myselfKey = (person: number) => ["member", person];

/** The asker as the list of members has them. */
export function useMyself() {
  const { me } = useSession();
  return useQuery({
    queryKey: myselfKey(me.person),
    queryFn: () => good(api.GET("/v4/members/{id}", { params: { path: { id: me.person } } })),
  });
}

/** The asker's rights; none until they are known. */
export const useRights = (): number => useMyself().data?.rights ?? 0;

/** Rights of which one opens the administration. */
export const ADMINISTERS: readonly Right[] = [
  "manageRoles",
  "seeAllTasks",
  "managePersons",
  "invite",
  "manageIntegrations",
  "editSettings",
];
