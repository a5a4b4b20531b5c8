import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { usePending, useSession } from "~/app/context";
import { overlaid, readTask, taskKey } from "~/store/tasks";

/** A task as this person sees it now, with what they did on top; `position` is that of the server's answer. */
export function useTask(id: number) {
  const { me } = useSession();
  const pending = usePending();
  const query = useQuery({ queryKey: taskKey(id), queryFn: () => readTask(id) });
  const task = useMemo(
    () => (query.data ? overlaid(query.data.task, pending, me) : undefined),
    [query.data, pending, me],
  );
  return {
    task,
    position: query.data?.position,
    error: query.error,
    refetch: query.refetch,
    stale: query.isStale,
  };
}
