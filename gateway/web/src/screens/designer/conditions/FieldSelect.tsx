// A field of the form, chosen by its name, and a column of its catalog.

import { useQuery } from "@tanstack/react-query";
import { useT } from "~/i18n";
import { Select } from "~/ui/Field";
import { useDesigning } from "../context";
import { type Field, type Placed, placed } from "../model/doc";
import { catalogsQuery } from "../queries";

interface Props {
  label: string;
  value: string | undefined;
  onChange: (key: string) => void;
  /** How a field that is not there is called. */
  unknown?: string;
  without?: string;
  only?: (placed: Placed) => boolean;
  bare?: boolean;
}

export function FieldSelect({ label, value, onChange, unknown, without, only, bare = true }: Props) {
  const { designer: t } = useT();
  const { doc } = useDesigning();
  const all = placed(doc).filter(
    (one) => one.field.key !== without && one.field.type !== "note" && (!only || only(one)),
  );
  return (
    <Select bare={bare} label={label} value={value ?? ""} onChange={({ target }) => onChange(target.value)}>
      {(value === undefined || unknown !== undefined) && <option value="">{unknown ?? "—"}</option>}
      {all.map(({ field, parent, depth }) => (
        <option key={field.key} value={field.key}>
          {`${"\u2003".repeat(depth - 1)}${parent?.type === "table" ? `${parent.name}: ` : ""}${field.name || t.unnamed}`}
        </option>
      ))}
    </Select>
  );
}

export function useColumns(catalog: number | undefined): { name: string; type: string }[] {
  const { data } = useQuery(catalogsQuery);
  return data?.catalogs?.find(({ catalog_id }) => catalog_id === catalog)?.catalog_headers ?? [];
}

export function ColumnSelect(props: {
  field: Field;
  value: string | undefined;
  onChange: (column: string | undefined) => void;
}) {
  const { designer: t } = useT();
  const columns = useColumns(props.field.catalog_id);
  return (
    <Select
      bare
      label={t.column}
      value={props.value ?? ""}
      onChange={({ target }) => props.onChange(target.value || undefined)}
    >
      <option value="">{t.wholeItem}</option>
      {columns.map(({ name }) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Select>
  );
}
