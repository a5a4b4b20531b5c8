// The organisation's announcements, and what one may do with them.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, good, positionOf, type Schemas } from "~/api/client";
import { useSession } from "~/app/context";
import type { Attached } from "~/store/carried";
import { may, useRights } from "~/store/rights";

export type Announcement = Schemas["ShownAnnouncement"];
export type AnnouncementComment = NonNullable<Announcement["comments"]>[number];

/** What is written: plain, and formatted where there is more to it; with files, where there are any or were. */
export interface Text {
  text?: string;
  formatted_text?: string;
  attachments?: Attached[];
}

type Sent = Schemas["WriteText"];

const KEY = "announcements";

export function useAnnouncements(count: number) {
  return useQuery({
    queryKey: [KEY, "feed", count],
    queryFn: async () => {
      const { data, response } = await api.GET("/v4/announcements", {
        params: { query: { item_count: count } },
      });
      return { announcements: data?.announcements ?? [], position: positionOf(response) };
    },
    placeholderData: (before) => before,
  });
}

export function useAnnouncement(id: number) {
  return useQuery({
    queryKey: [KEY, id],
    queryFn: () => good(api.GET("/v4/announcements/{id}", { params: { path: { id } } })),
  });
}

/** Up to where one has read who opens this one, told of it by a notification. */
export function useToldAt(id: number, shown: boolean): number | undefined {
  const cache = useQueryClient();
  if (!shown) return undefined;
  const lists = cache.getQueriesData<{ pages: Schemas["Notifications"][] }>({ queryKey: ["notifications"] });
  const told = lists.flatMap(([, list]) => list?.pages ?? []).flatMap((page) => page.notifications);
  return told.find(({ cause }) => cause.announcement_id === id)?.cause.position;
}

/** What the asker may do: what they wrote, and with a right what others did. */
export function useMay() {
  const { me } = useSession();
  const rights = useRights();
  const author = (what: { author?: { id: number } | null }) => what.author?.id === me.person;
  return {
    write: may(rights, "createAnnouncements"),
    change: (announcement: Announcement) => author(announcement) || may(rights, "closeDeleteAnnouncements"),
    edit: (comment: AnnouncementComment) => author(comment),
    remove: (comment: AnnouncementComment) => author(comment) || may(rights, "closeDeleteAnnouncements"),
  };
}

/** A change; afterwards everything about announcements is asked for again. */
export function useChange() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (change: () => Promise<unknown>) => change(),
    onSuccess: () => cache.invalidateQueries({ queryKey: [KEY] }),
  });
}

export const changes = {
  write: (body: Text) => good(api.POST("/v4/announcements", { body: body as Sent })),
  change: (id: number, body: Text | { closed: boolean }) =>
    good(api.PUT("/v4/announcements/{id}", { params: { path: { id } }, body: body as Sent })),
  remove: (id: number) => good(api.DELETE("/v4/announcements/{id}", { params: { path: { id } } })),
  comment: (id: number, body: Text) =>
    good(api.POST("/v4/announcements/{id}/comments", { params: { path: { id } }, body: body as Sent })),
  correct: (id: number, comment_id: number, body: Text) =>
    good(
      api.PUT("/v4/announcements/{id}/comments/{comment_id}", {
        params: { path: { id, comment_id } },
        body: body as Sent,
      }),
    ),
  takeBack: (id: number, comment_id: number) =>
    good(
      api.DELETE("/v4/announcements/{id}/comments/{comment_id}", { params: { path: { id, comment_id } } }),
    ),
};
