// How many notifications are unread, for the sign beside the inbox's name; and that they are read once one looks at what they tell of.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { api, good } from "~/api/client";

/** How long somebody looks before it counts as read, in milliseconds. */
const READ_AFTER = 1_200;

/** How much of it is unread. The stream tells when that changes. */
export function useUnread(): number {
  const { data } = useQuery({
    queryKey: ["unread_count"],
    queryFn: async () =>
      (await good(api.GET("/v4/notifications", { params: { query: { item_count: 1 } } }))).unread_count,
    staleTime: 300_000,
  });
  return typeof data === "number" ? data : 0;
}

/** Marks as read what one was notified of a task, or of announcements, up to this position, once one has looked at it for a moment. */
export function useRead(
  of: { task_id: number } | { announcements: true },
  upto: number | undefined,
  onRead?: () => void,
): void {
  const cache = useQueryClient();
  const read = useEffectEvent(async () => {
    const unread = cache.getQueryData<number>(["unread_count"]);
    if (document.visibilityState !== "visible" || unread === 0) return;
    const { unread_count } = await good(api.POST("/v4/notifications/read", { body: { ...of, upto } }));
    cache.setQueryData(["unread_count"], unread_count);
    onRead?.();
    void cache.invalidateQueries({ queryKey: ["notifications"] });
  });
  const what = "task_id" in of ? of.task_id : "announcements";
  // biome-ignore lint/correctness/useExhaustiveDependencies: other things are looked at anew
  useEffect(() => {
    if (upto === undefined) return;
    // Where it fails it is said again the next time.
    const timer = setTimeout(() => void read().catch(() => undefined), READ_AFTER);
    return () => clearTimeout(timer);
  }, [what, upto]);
}
