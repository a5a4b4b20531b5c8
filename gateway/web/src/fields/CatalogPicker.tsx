// Items of a catalog, found by what stands in any of their columns.

import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { api, good } from "~/api/client";
import { useT } from "~/i18n";
import { Picker } from "~/ui/Picker";
import { useProblemText } from "~/ui/ProblemNote";
import { matching } from "./matching";
import type { Input, Item } from "./values";

/** Items that a list shows; the next letter finds the rest. */
const FOUND_MAX = 50;

interface Props {
  label: string;
  hint?: string;
  error?: string;
  required?: boolean;
  bare?: boolean;
  catalog: number;
  multiple?: boolean;
  value: Extract<Input, { kind: "items" }> | undefined;
  onChange: (value: Input | undefined) => void;
  disabled?: boolean;
  autoFocus?: boolean;
}

/** A catalog with its items, which change seldom. */
export const catalogQuery = (id: number) => ({
  queryKey: ["catalog", id],
  queryFn: () => good(api.GET("/v4/catalogs/{id}", { params: { path: { id } } })),
  staleTime: 120_000,
});

export function CatalogPicker({ catalog, value, onChange, multiple, ...rest }: Props) {
  const t = useT();
  const problem = useProblemText();
  const [text, setText] = useState("");
  const asked = useDeferredValue(text);
  const { data, error, isPending } = useQuery({ ...catalogQuery(catalog), enabled: catalog > 0 });
  const headers = (data?.catalog_headers ?? []).map(({ name }) => name);
  const items: Item[] = (data?.items ?? []).map(({ item_id, values }) => ({ id: item_id, values }));
  const held = value?.items ?? [];
  const found = matching(items, asked, FOUND_MAX);
  const option = (item: Item) => ({
    id: item.id,
    name: item.values[0] || `№ ${item.id}`,
    note: item.values.slice(1).some(Boolean)
      ? item.values.slice(1).map((cell, at) =>
          cell ? (
            <span key={at}>
              <span className="hidden">{headers[at + 1]}: </span>
              {cell}
            </span>
          ) : null,
        )
      : undefined,
  });
  return (
    <Picker
      {...rest}
      multiple={multiple}
      stays
      text={text}
      onText={setText}
      // What is known by its id alone has its name from the catalog.
      chosen={held.map((item) =>
        option(item.values.length > 0 ? item : (items.find(({ id }) => id === item.id) ?? item)),
      )}
      found={found.map(option)}
      none={isPending ? t.common.loading : error && !data ? problem(error) : t.fields.nothingFound}
      placeholder={t.fields.searchItems}
      onChange={(ids) => {
        const by = new Map([...items, ...held].map((item) => [item.id, item]));
        const next = ids.flatMap((id) => by.get(id) ?? []);
        onChange(next.length === 0 ? undefined : { kind: "items", headers, items: next });
      }}
    />
  );
}
