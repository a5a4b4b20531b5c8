// What can be found, as the search answers it, and the address at which each of it is shown.

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, good } from "~/api/client";

export const KINDS = ["task", "comment", "person", "form", "list", "article", "role", "catalog"] as const;
export type Kind = (typeof KINDS)[number];

export interface Found {
  kind: Kind;
  id: number | string;
  title?: string;
  title_marks?: number[][];
  comment_id?: number;
  author_id?: number;
  written_at?: string;
  matched?: string[];
  snippet?: { text: string; marks?: number[][] };
  task?: { form_id?: number; current_step?: number; author_id?: number; is_closed?: boolean };
}

export interface Facets {
  kinds?: { kind: Kind; count: number }[];
  forms?: { form_id: number; name?: string; count: number }[];
  steps?: { form_id: number; step: number; name?: string; count: number }[];
  authors?: { author_id: number; name?: string; count: number }[];
  open: number;
  closed: number;
}

export interface Results {
  results?: Found[];
  count: number;
  count_is_exact: boolean;
  is_approximate?: boolean;
  facets: Facets;
  has_more: boolean;
  cursor?: string;
}

/** What is asked, besides the words. Each is as it stands in the address. */
export interface Asked {
  q: string;
  kind?: Kind;
  form?: string;
  step?: string;
  author?: string;
  state?: "open" | "closed";
  order?: "newest";
}

const PAGE = 30;

export const asksNothing = (asked: Asked): boolean =>
  asked.q.trim() === "" && !asked.form && !asked.author && !asked.state && !asked.kind;

function queryOf(asked: Asked, item_count: number, cursor?: string) {
  return {
    ...(asked.q.trim() && { q: asked.q }),
    ...(asked.kind && { kind: asked.kind }),
    ...(asked.form && { form_id: asked.form }),
    ...(asked.step && { step: asked.step }),
    ...(asked.author && { author: asked.author }),
    ...(asked.state && { closed: asked.state === "closed" }),
    ...(asked.order && { order: asked.order }),
    ...(cursor && { cursor }),
    item_count,
  };
}

const ask = async (asked: Asked, count: number, cursor: string | undefined, signal: AbortSignal) =>
  (await good(
    api.GET("/v4/search", { params: { query: queryOf(asked, count, cursor) }, signal }),
  )) as unknown as Results;

/** What was found, page by page. While something else is asked for, what was found before stays. */
export function useSearch(asked: Asked) {
  return useInfiniteQuery({
    queryKey: ["search", asked],
    queryFn: ({ pageParam, signal }) => ask(asked, PAGE, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.has_more ? last.cursor : undefined),
    enabled: !asksNothing(asked),
    placeholderData: keepPreviousData,
    meta: { kept: false },
  });
}

/** How many of each kind there are, whichever of them is looked at. */
export function useKinds(asked: Asked): Facets["kinds"] {
  const every: Asked = { ...asked, kind: undefined };
  const { data } = useQuery({
    queryKey: ["search", "kinds", every],
    queryFn: ({ signal }) => ask(every, 1, undefined, signal),
    enabled: Boolean(asked.kind) && !asksNothing(every),
    placeholderData: keepPreviousData,
    meta: { kept: false },
  });
  return data?.facets.kinds;
}

/** The first few, for a list that opens while one types. */
export function useQuickSearch(text: string, count: number) {
  const q = text.trim();
  return useQuery({
    queryKey: ["search", "quick", q, count],
    queryFn: ({ signal }) => ask({ q }, count, undefined, signal),
    enabled: q.length > 1,
    placeholderData: (before) => (q.length > 1 ? before : undefined),
    meta: { kept: false },
  });
}

export function addressOf({ kind, id, comment_id }: Found): string {
  switch (kind) {
    case "task":
    case "comment":
      return `/tasks/${id}${comment_id ? `#c${comment_id}` : ""}`;
    case "person":
      return `/people/${id}`;
    case "role":
      return `/people/roles/${id}`;
    case "form":
      return `/forms/${id}`;
    case "list":
      return `/lists/${id}`;
    case "article":
      return `/knowledge-base/${id}`;
    case "catalog":
      return `/administration/catalogs/${id}`;
  }
}
