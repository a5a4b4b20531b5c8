// The catalogs of the organisation.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Table2, TableProperties } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useLocation } from "wouter";
import { api, good } from "~/api/client";
import { useActions } from "~/app/actions";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Empty } from "~/ui/Empty";
import { Entries, Entry } from "~/ui/Entries";
import { Checkbox, TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage } from "~/ui/Sections";
import css from "./CatalogsPage.module.css";
import { catalogsQuery } from "./queries";

/** What a catalog that people keep says of its source. */
const OURS = new Set(["default", "hierarchical", "fill_table"]);

export default function CatalogsPage() {
  const { catalogs: t, administration } = useT();
  const format = useFormat();
  const [deleted, setDeleted] = useState(false);
  const [text, setText] = useState("");
  const [making, setMaking] = useState(false);
  const { data, error, isPending, refetch } = useQuery(catalogsQuery(deleted));
  useActions([{ id: "catalogs.new", label: t.newCatalog, keys: "n", run: () => setMaking(true) }]);
  const asked = useDeferredValue(text.trim().toLocaleLowerCase());
  const all = data?.catalogs ?? [];
  const shown = all
    .filter(({ name }) => name.toLocaleLowerCase().includes(asked))
    .sort((left, right) => left.name.localeCompare(right.name));
  const make = (
    <Button kind="primary" icon={<Plus size={16} />} onClick={() => setMaking(true)}>
      {t.newCatalog}
    </Button>
  );
  return (
    <SectionPage title={administration.sections.catalogs} note={t.hint} actions={make}>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {isPending && <Opening />}
      <div className={css.tools}>
        {all.length > 8 && (
          <TextField
            bare
            type="search"
            label={t.find}
            placeholder={t.find}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
        <Checkbox
          label={t.withDeleted}
          checked={deleted}
          onChange={({ target }) => setDeleted(target.checked)}
        />
      </div>
      {data && all.length === 0 && (
        <Empty icon={<TableProperties size={24} />} title={t.none} action={make}>
          {t.noneHint}
        </Empty>
      )}
      <Entries>
        {shown.map((catalog) => (
          <Entry
            key={catalog.catalog_id}
            href={`/administration/catalogs/${catalog.catalog_id}`}
            icon={<Table2 size={18} />}
            name={catalog.name}
            note={[
              catalog.catalog_headers.map(({ name }) => name).join(", "),
              catalog.last_change_date && t.changedAt(format.relative(catalog.last_change_date)),
            ]
              .filter(Boolean)
              .join(" · ")}
          >
            {catalog.source_type === "department_catalog" ? (
              <Badge>{t.readOnly}</Badge>
            ) : (
              !OURS.has(catalog.source_type) && <Badge tone="info">{t.byOthers(catalog.source_type)}</Badge>
            )}
            {catalog.deleted && <Badge tone="bad">{t.deleted}</Badge>}
          </Entry>
        ))}
      </Entries>
      <NewCatalog open={making} onClose={() => setMaking(false)} />
    </SectionPage>
  );
}

function NewCatalog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { catalogs: t, common } = useT();
  const [, go] = useLocation();
  const cache = useQueryClient();
  const [name, setName] = useState("");
  const [first, setFirst] = useState(common.name);
  const [more, setMore] = useState("");
  const create = useMutation({
    mutationFn: () => {
      const headers = [first, ...more.split(",")].map((one) => one.trim()).filter(Boolean);
      return good(
        api.PUT("/v4/catalogs", { body: { name: name.trim(), catalog_headers: headers, items: [] } }),
      );
    },
    onSuccess: (made) => {
      void cache.invalidateQueries({ queryKey: ["catalogs"] });
      onClose();
      go(`/administration/catalogs/${made.catalog_id}`);
    },
  });
  const ready = name.trim() !== "" && first.trim() !== "";
  return (
    <FormDialog
      open={open}
      onClose={onClose}
      title={t.newCatalog}
      size="s"
      submit={t.create}
      busy={create.isPending}
      disabled={!ready}
      error={create.error}
      onSubmit={() => create.mutate()}
    >
      <TextField
        label={t.name}
        required
        autoFocus
        maxLength={200}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <TextField
        label={t.firstColumn}
        hint={t.firstColumnHint}
        required
        maxLength={200}
        value={first}
        onChange={({ target }) => setFirst(target.value)}
      />
      <TextField
        label={t.moreColumns}
        hint={t.moreColumnsHint}
        value={more}
        onChange={({ target }) => setMore(target.value)}
      />
    </FormDialog>
  );
}
