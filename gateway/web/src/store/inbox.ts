// What waits for the person: the question that the inbox asks, asked already while the app opens there.

import type { QueryClient } from "@tanstack/react-query";
import { api, positionOf } from "~/api/client";
import { INBOX_ROWS, opensInbox } from "~/api/early";
import type { TaskGroup, TaskHeader } from "~/api/types";

export interface InboxAnswer {
  tasks?: TaskHeader[];
  task_groups?: TaskGroup[];
  has_more: boolean;
  marks?: {
    unread_task_ids: number[];
    unread_count: number;
    /** Those that a reminder brought back. */
    reminded_task_ids?: number[];
    snoozed?: { task_id: number; until: string }[];
  };
}

/** How long the first drawing may wait for its rows, in milliseconds: on a phone to draw twice costs as much. */
const WAITS = 250;

export const inboxQuery = (snoozed: boolean) => ({
  queryKey: ["inbox", snoozed ? "snoozed" : "now"],
  queryFn: () => readInbox(snoozed),
});

async function readInbox(snoozed: boolean): Promise<InboxAnswer & { position: number }> {
  const { data, response } = await api.GET("/v4/inbox", {
    params: {
      query: {
        item_count: INBOX_ROWS,
        group_item_count: INBOX_ROWS,
        marks: true,
        ...(snoozed && { snoozed: true }),
      },
    },
  });
  return { ...(data as unknown as InboxAnswer), position: positionOf(response) };
}

/** Where the app opens with the inbox: its rows, from this device or the server, unless that takes long. */
export async function firstRows(cache: QueryClient, path: string): Promise<void> {
  if (!opensInbox(path)) return;
  const rows = cache.prefetchQuery(inboxQuery(false));
  await Promise.race([rows, new Promise((resolve) => setTimeout(resolve, WAITS))]);
}
