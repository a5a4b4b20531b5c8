// Others are told that one looks at a task, and what one was notified of it counts as read.

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "~/api/client";
import { useLiveState, useSession } from "~/app/context";

/** How long somebody looks before it counts as read, in milliseconds. */
const READ_AFTER = 1_200;
/** Says again that one is here, in milliseconds. */
const VIEWS_EVERY = 40_000;

export function useLooking(task: number, position: number | undefined): void {
  const cache = useQueryClient();
  const { live } = useSession();
  const state = useLiveState();
  useEffect(() => {
    if (state !== "live") return;
    const say = () => {
      if (document.visibilityState === "visible") live.view(task);
    };
    say();
    const timer = setInterval(say, VIEWS_EVERY);
    document.addEventListener("visibilitychange", say);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", say);
      live.view(undefined);
    };
  }, [live, state, task]);
  useEffect(() => {
    if (position === undefined) return;
    const timer = setTimeout(() => {
      const unread = cache.getQueryData<number>(["unread_count"]);
      if (document.visibilityState !== "visible" || unread === 0) return;
      api
        .POST("/v4/notifications/read", { body: { task_id: task, upto: position } })
        .then(({ data }) => {
          if (!data) return;
          cache.setQueryData(["unread_count"], data.unread_count);
          cache.setQueriesData({ queryKey: ["inbox"] }, (old: unknown) => withRead(old, task));
          void cache.invalidateQueries({ queryKey: ["notifications"] });
        })
        // It is said again the next time.
        .catch(() => undefined);
    }, READ_AFTER);
    return () => clearTimeout(timer);
  }, [cache, task, position]);
}

/** The answer of the inbox with a task marked as read. Pure. */
export function withRead(answer: unknown, task: number): unknown {
  const held = answer as { marks?: { unread_task_ids: number[] } } | undefined;
  if (!held?.marks?.unread_task_ids.includes(task)) return answer;
  const unread_task_ids = held.marks.unread_task_ids.filter((id) => id !== task);
  return { ...held, marks: { ...held.marks, unread_task_ids } };
}
