// Others are told that one looks at a task, and what one was notified of it counts as read.

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLiveState, useSession } from "~/app/context";
import { useRead } from "~/screens/inbox/unread";

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
  useRead({ task_id: task }, position, () =>
    cache.setQueriesData({ queryKey: ["inbox"] }, (old: unknown) => withRead(old, task)),
  );
}

/** The answer of the inbox with a task marked as read. Pure. */
export function withRead(answer: unknown, task: number): unknown {
  const held = answer as { marks?: { unread_task_ids: number[] } } | undefined;
  if (!held?.marks?.unread_task_ids.includes(task)) return answer;
  const unread_task_ids = held.marks.unread_task_ids.filter((id) => id !== task);
  return { ...held, marks: { ...held.marks, unread_task_ids } };
}
