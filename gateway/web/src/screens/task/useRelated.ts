// What the server knows of the tasks around one.

import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "~/api/client";
import { api, good } from "~/api/client";

export type RelatedTasks = Schemas["RelatedTasks"];
export type Near = Schemas["RelatedTask"];

export function useRelated(task: number): RelatedTasks | undefined {
  const { data } = useQuery({
    queryKey: ["related", task],
    queryFn: () => good(api.GET("/v4/tasks/{id}/related", { params: { path: { id: task } } })),
  });
  return data as RelatedTasks | undefined;
}
