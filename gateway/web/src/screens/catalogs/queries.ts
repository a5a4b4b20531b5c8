// What the screens of catalogs ask the server for.

import { api, good } from "~/api/client";
import type { Catalog, Item, SyncBody } from "./sheet";

export const catalogsQuery = (deleted: boolean) => ({
  queryKey: ["catalogs", { deleted }],
  queryFn: () =>
    good(api.GET("/v4/catalogs", { params: { query: { include_deleted: deleted } } })) as Promise<{
      catalogs?: (Catalog & { last_change_date?: string | null })[];
    }>,
});

export const readCatalog = (id: number, deleted = false) =>
  good(
    api.GET("/v4/catalogs/{id}", {
      params: { path: { id }, query: deleted ? { include_deleted: true } : {} },
    }),
  ) as Promise<Catalog>;

export const catalogQuery = (id: number) => ({
  queryKey: ["catalog", id],
  queryFn: () => readCatalog(id),
  staleTime: 0,
});

export interface Difference {
  added?: Item[];
  updated?: Item[];
  deleted?: Item[];
  catalog_headers?: { name: string; type: string }[];
}

export interface Besides {
  name?: string;
  add_supervisors?: { id: number }[];
  remove_supervisors?: { id: number }[];
  column_settings?: { original_position: number; visible: boolean; group_by: boolean; sort_order?: number }[];
}

/** Makes the items those that are given, or with `apply` false tells what that would do. */
export const sync = (id: number, body: SyncBody & Besides) =>
  good(
    api.POST("/v4/catalogs/{id}", { params: { path: { id } }, body: body as never }),
  ) as Promise<Difference>;
