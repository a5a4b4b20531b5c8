// How many notifications are unread, for the sign beside the inbox's name.

import { useQuery } from "@tanstack/react-query";
import { api, good } from "~/api/client";

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
