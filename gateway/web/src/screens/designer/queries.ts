// What the designer asks the server for.

import { api, good } from "~/api/client";
import type { Form } from "~/api/types";
import type { Defined } from "./model/wire";

export const readDefinition = (form: number, as_of?: number | string) =>
  good(
    api.GET("/v4/forms/{id}/definition", {
      params: { path: { id: form }, query: as_of === undefined ? {} : { as_of: String(as_of) } },
    }),
  ) as unknown as Promise<Defined>;

export const definitionQuery = (form: number) => ({
  queryKey: ["form_definition", form],
  queryFn: () => readDefinition(form),
  meta: { kept: false },
  staleTime: 0,
});

export const formQuery = (form: number) => ({
  queryKey: ["form", form],
  queryFn: () =>
    good(api.GET("/v4/forms/{id}", { params: { path: { id: form } } })) as unknown as Promise<Form>,
});

export const formsQuery = {
  queryKey: ["forms"],
  queryFn: () => good(api.GET("/v4/forms")),
};

export const catalogsQuery = {
  queryKey: ["catalogs"],
  queryFn: () => good(api.GET("/v4/catalogs")),
};

export const versionsQuery = (form: number) => ({
  queryKey: ["form_versions", form],
  queryFn: () => good(api.GET("/v4/forms/{id}/versions", { params: { path: { id: form } } })),
  meta: { kept: false },
});
