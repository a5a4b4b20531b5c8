// Views of a register that people saved: what is asked and how it is shown, their own and those shared with them. On a server that
// keeps none they are kept on the device.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, good } from "~/api/client";
import { Problem } from "~/api/problem";
import type { TemplateField } from "~/api/types";
import { useSession } from "~/app/context";
import type { Store } from "~/store/db";
import { type Column, type ColumnId, fieldOf, OWN, type Sort, widthOf } from "./columns";
import { asked, type RegisterQuery, readAsked } from "./query";

export interface Shown {
  view: "table" | "board" | "chart";
  query: RegisterQuery;
  columns: Column[];
  sort?: Sort;
}

export interface Shared {
  everyone: boolean;
  person_ids: number[];
  role_ids: number[];
}

export interface SavedView {
  id: number;
  name: string;
  query: Record<string, unknown>;
  presentation: {
    view?: string;
    columns?: (number | string)[];
    sort?: { by: number | string; descending?: boolean };
  };
  shared: boolean;
  shared_with?: Shared;
  can_change: boolean;
  owner?: { first_name?: string; last_name?: string };
}

export type Draft = Pick<SavedView, "name" | "query" | "presentation"> & { shared_with?: Shared };

/** A view as it is saved. Pure. */
export function toSave(
  form: number,
  shown: Shown,
  fields: readonly TemplateField[],
): Pick<Draft, "query" | "presentation"> {
  const word = (id: ColumnId) => fieldOf(id) ?? id;
  return {
    query: { form_id: form, ...asked(shown.query, fields) },
    presentation: {
      view: shown.view,
      columns: shown.columns.map(({ id }) => word(id)),
      ...(shown.sort ? { sort: { by: word(shown.sort.by), descending: shown.sort.descending } } : {}),
    },
  };
}

/** The same, shown. Columns that are not there any more are left out. Pure. */
export function fromSaved(saved: SavedView, fields: readonly TemplateField[], otherwise: Column[]): Shown {
  const column = (word: number | string): ColumnId | undefined => {
    const field = fields.find(({ id, code }) => id === Number(word) || code === word);
    if (field) return `f${field.id}`;
    return OWN.find((own) => own === word);
  };
  const columns = (saved.presentation.columns ?? []).flatMap((word) => {
    const id = column(word);
    return id
      ? [
          {
            id,
            width: widthOf(
              id,
              fields.find((field) => `f${field.id}` === id),
            ),
          },
        ]
      : [];
  });
  const by = saved.presentation.sort && column(saved.presentation.sort.by);
  const view = saved.presentation.view;
  return {
    view: view === "board" || view === "chart" ? view : "table",
    query: readAsked(saved.query, fields),
    columns: columns.length > 0 ? columns : otherwise,
    ...(by ? { sort: { by, descending: Boolean(saved.presentation.sort?.descending) } } : {}),
  };
}

/** Whether they ask and show the same; widths are nobody's but one's own. Pure. */
export function isSame(
  left: Pick<Draft, "query" | "presentation">,
  right: Pick<Draft, "query" | "presentation">,
): boolean {
  const told = ({ query, presentation }: Pick<Draft, "query" | "presentation">) =>
    JSON.stringify([
      Object.entries(query).sort(([a], [b]) => a.localeCompare(b)),
      presentation.view ?? "table",
      presentation.columns ?? [],
      presentation.sort?.by ?? null,
      Boolean(presentation.sort?.descending),
    ]);
  return told(left) === told(right);
}

const filters = "/v4/filters" as never;
const filter = "/v4/filters/{id}" as never;
type Loose = (path: never, init?: unknown) => Promise<{ data?: unknown }>;
const loose = api as unknown as { GET: Loose; POST: Loose; PUT: Loose; DELETE: Loose };

const isMissing = (error: unknown) =>
  error instanceof Problem && (error.status === 404 || error.status === 405);

export interface Views {
  views: SavedView[];
  /** Kept on the device alone. */
  here: boolean;
  save: (draft: Draft) => Promise<SavedView>;
  change: (id: number, draft: Partial<Draft>) => Promise<SavedView>;
  remove: (id: number) => Promise<void>;
}

const VIEWS_MAX = 1_000;

export function useViews(form: number): Views {
  const client = useQueryClient();
  const { store } = useSession();
  const key = ["filter", "of_form", form];
  const { data } = useQuery({
    queryKey: key,
    queryFn: async () => {
      try {
        const answer = (await good(loose.GET(filters, { params: { query: { item_count: VIEWS_MAX } } }))) as {
          filters: SavedView[];
        };
        return { here: false, views: answer.filters.filter(({ query }) => Number(query.form_id) === form) };
      } catch (error) {
        if (isMissing(error)) return { here: true, views: await kept(store, form) };
        throw error;
      }
    },
  });
  const here = data?.here ?? false;
  const done = async <T>(work: Promise<T>): Promise<T> => {
    const found = await work;
    await client.invalidateQueries({ queryKey: ["filter"] });
    return found;
  };
  const put = async (change: (views: SavedView[]) => SavedView[]) => {
    const views = change(await kept(store, form));
    await store.put("drafts", place(form), { key: place(form), value: views, at: Date.now() });
  };
  return {
    views: data?.views ?? [],
    here,
    save: (draft) =>
      done(
        (async () => {
          if (!here) return (await good(loose.POST(filters, { body: draft }))) as SavedView;
          const view: SavedView = { ...draft, id: Date.now(), shared: false, can_change: true };
          await put((views) => [...views, view]);
          return view;
        })(),
      ),
    change: (id, draft) =>
      done(
        (async () => {
          if (!here)
            return (await good(loose.PUT(filter, { params: { path: { id } }, body: draft }))) as SavedView;
          await put((views) => views.map((view) => (view.id === id ? { ...view, ...draft } : view)));
          return (await kept(store, form)).find((view) => view.id === id) as SavedView;
        })(),
      ),
    remove: (id) =>
      done(
        (async () => {
          if (!here) await good(loose.DELETE(filter, { params: { path: { id } } }));
          else await put((views) => views.filter((view) => view.id !== id));
        })(),
      ),
  };
}

const place = (form: number) => `views:${form}`;

async function kept(store: Store, form: number): Promise<SavedView[]> {
  const draft = await store.get("drafts", place(form));
  return Array.isArray(draft?.value) ? (draft.value as SavedView[]) : [];
}
