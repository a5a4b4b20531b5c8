// Members, roles and departments: as they are, or as they were at a day.

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, good, type Schemas } from "~/api/client";
import { Problem } from "~/api/problem";
import type { Person } from "~/api/types";
import { useDirectory } from "~/store/directory";
import { chartOf, type Department, type Node } from "./chart";

export type Member = Schemas["ShownMember"];
export type Role = Schemas["ShownRole"];

const FRESH = 300_000;
const NO_DEPARTMENTS: Department[] = [];
const NO_ROLES: Role[] = [];

/** The end of a day, as the API takes moments to look back at. */
export const momentOf = (day: string): string => new Date(`${day}T23:59:59`).toISOString();

const at = (day: string | undefined) => (day ? { as_of: momentOf(day) } : {});

/** Everybody, with what only members' lists tell; guests see only whom the directory names. */
export function usePeople(): {
  people: readonly (Person & Partial<Member>)[];
  known: boolean;
  error: unknown;
} {
  const directory = useDirectory();
  const { data, error } = useQuery({
    queryKey: ["members"],
    queryFn: () => good(api.GET("/v4/members")),
    staleTime: FRESH,
  });
  const people = useMemo(() => {
    const all = (data?.members ?? directory.people) as readonly (Person & Partial<Member>)[];
    return all.filter(({ banned, fired, type }) => !banned && !fired && type !== "role");
  }, [data, directory]);
  return {
    people,
    known: Boolean(data) || directory.people.length > 0,
    error: error instanceof Problem && error.status === 403 ? undefined : error,
  };
}

export function useMember(id: number, day?: string) {
  return useQuery({
    queryKey: day ? ["member", id, day] : ["member", id],
    queryFn: () => good(api.GET("/v4/members/{id}", { params: { path: { id }, query: at(day) } })),
    enabled: id > 0,
  });
}

export function useRoles(day?: string) {
  const { data, error } = useQuery({
    queryKey: day ? ["roles", day] : ["roles"],
    queryFn: () => good(api.GET("/v4/roles", { params: { query: at(day) } })),
    staleTime: FRESH,
  });
  return { roles: (data?.roles ?? NO_ROLES).filter(({ fired }) => !fired), known: Boolean(data), error };
}

export function useChart(): { chart: Node[]; known: boolean; error: unknown } {
  const { people } = usePeople();
  const { data, error } = useQuery({
    queryKey: ["orgchart"],
    queryFn: () => good(api.GET("/v4/orgchart")),
    staleTime: FRESH,
  });
  const departments = data?.departments ?? NO_DEPARTMENTS;
  const chart = useMemo(() => chartOf(departments, people), [departments, people]);
  return { chart, known: Boolean(data), error };
}

/** How many tasks are counted before one says "more than". */
const COUNTED_MAX = 5_000;

/** The tasks that somebody sees, or saw. */
export function useVisible(id: number, day: string | undefined, enabled: boolean) {
  return useQuery({
    queryKey: ["visible_tasks", id, day],
    queryFn: async ({ signal }) => {
      const tasks: number[] = [];
      let after: number | undefined;
      do {
        const page = await good(
          api.GET("/v4/members/{id}/visible_tasks", {
            params: { path: { id }, query: { ...at(day), ...(after !== undefined && { after }) } },
            signal,
          }),
        );
        tasks.push(...page.tasks);
        after = page.next ?? undefined;
      } while (after !== undefined && tasks.length < COUNTED_MAX);
      return { tasks, whole: after === undefined };
    },
    enabled,
    meta: { kept: false },
  });
}
