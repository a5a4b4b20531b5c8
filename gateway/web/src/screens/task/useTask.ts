// A task as this person sees it now, with what they did on top, and what the rest of the screen wants to know about it.

import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { api, good } from "~/api/client";
import type { Form, Task } from "~/api/types";
import { usePending, useSession } from "~/app/context";
import { useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { overlaid, readTask, taskKey } from "~/store/tasks";
import type { Names } from "./ChangeLine";

/** `position` is that of the server's answer: what an approval says that it has seen. */
export function useTask(id: number) {
  const { me } = useSession();
  const pending = usePending();
  const directory = useDirectory();
  const query = useQuery({ queryKey: taskKey(id), queryFn: () => readTask(id) });
  const mine = useSame(pending.filter(({ task }) => task === id));
  const task = useMemo(
    () => (query.data ? overlaid(query.data.task, mine, me, directory.get) : undefined),
    [query.data, mine, me, directory],
  );
  return { task, position: query.data?.position, error: query.error, refetch: query.refetch };
}

/** The same array as before while what it holds is the same. */
function useSame<T>(list: readonly T[]): readonly T[] {
  const before = useRef(list);
  if (before.current.length !== list.length || before.current.some((part, index) => part !== list[index]))
    before.current = list;
  return before.current;
}

/** A task as it was at a position of the log. What was does not change. */
export function usePast(id: number, position: number | undefined) {
  return useQuery({
    queryKey: ["past", id, position],
    queryFn: () => readTask(id, String(position)),
    enabled: position !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => (before?.task.id === id ? before : undefined),
  });
}

export function useForm(form: number | null | undefined): Form | undefined {
  const { data } = useQuery({
    queryKey: ["form", form],
    queryFn: () => good(api.GET("/v4/forms/{id}", { params: { path: { id: form ?? 0 } } })),
    enabled: Boolean(form),
    staleTime: 300_000,
    retry: false,
  });
  return data as Form | undefined;
}

interface ListNode {
  id: number;
  name: string;
  children?: ListNode[];
}

/** Every list that one sees, with those above it. */
export function useLists(): { id: number; name: string; depth: number }[] {
  const { data } = useQuery({
    queryKey: ["list_names"],
    queryFn: () => good(api.GET("/v4/lists")),
    staleTime: 300_000,
  });
  return useMemo(() => {
    const flat: { id: number; name: string; depth: number }[] = [];
    const walk = (nodes: ListNode[], depth: number) => {
      for (const node of nodes) {
        flat.push({ id: node.id, name: node.name, depth });
        walk(node.children ?? [], depth + 1);
      }
    };
    walk(((data as { lists?: ListNode[] } | undefined)?.lists ?? []) as ListNode[], 0);
    return flat;
  }, [data]);
}

/** What steps and lists are called. */
export function useNames(task: Task | undefined, form: Form | undefined): Names {
  const t = useT();
  const lists = useLists();
  return useMemo(() => {
    const steps = new Map<number, string>(
      Object.entries(form?.steps ?? {}).map(([step, name]) => [Number(step), name]),
    );
    for (const { step, name } of task?.steps ?? []) if (name) steps.set(step, name);
    return {
      step: (step) => steps.get(step) || t.task.step(step),
      list: (list) => lists.find(({ id }) => id === list)?.name ?? `№ ${list}`,
    };
  }, [task?.steps, form, lists, t]);
}

/** This person, and the roles that they are in. */
export function useMine(): { me: number; roles: number[] } {
  const { me } = useSession();
  const directory = useDirectory();
  return useMemo(
    () => ({
      me: me.person,
      roles: directory.roles.filter((role) => role.member_ids?.includes(me.person)).map(({ id }) => id),
    }),
    [directory, me.person],
  );
}
