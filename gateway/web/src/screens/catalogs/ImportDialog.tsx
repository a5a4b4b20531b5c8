// A file into a catalog: chosen, its columns matched, what would change shown in colours and words, and only then applied.

import { useMutation } from "@tanstack/react-query";
import { CircleDot, CircleMinus, CirclePlus, FileUp } from "lucide-react";
import { useRef, useState } from "react";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Checkbox, Select } from "~/ui/Field";
import { ProblemNote } from "~/ui/ProblemNote";
import { Tabs } from "~/ui/Tabs";
import { toast } from "~/ui/toast";
import css from "./dialogs.module.css";
import type { Sheet } from "./files";
import { guessed, laid, type Mapping } from "./importing";
import { type Difference, readCatalog, sync } from "./queries";
import { type Catalog, columnsOf, type Item, NOTHING, syncOf } from "./sheet";
import { VirtualList } from "./VirtualList";

const ROWS_MAX = 50_000;

interface Props {
  catalog: Catalog;
  onClose: () => void;
  onDone: () => Promise<void>;
}

interface Found {
  catalog: Catalog;
  difference: Difference;
  skipped: number;
  columns: string[];
}

export default function ImportDialog({ catalog, onClose, onDone }: Props) {
  const { catalogs: t, common } = useT();
  const [sheets, setSheets] = useState<Sheet[]>();
  const [sheet, setSheet] = useState(0);
  const [mapping, setMapping] = useState<Mapping>();
  const [found, setFound] = useState<Found>();
  const [wrong, setWrong] = useState<string>();
  const table = sheets?.[sheet]?.rows ?? [];
  const columns = columnsOf(catalog, NOTHING);
  const take = (next: Sheet[], index: number) => {
    const rows = next[index]?.rows ?? [];
    setSheets(next);
    setSheet(index);
    setMapping(rows.length > 0 ? guessed(catalog, rows) : undefined);
    setFound(undefined);
    setWrong(rows.length > ROWS_MAX + 1 ? t.tooLong : rows.length === 0 ? t.unreadable : undefined);
  };
  const reading = useMutation({
    mutationFn: async (file: File) => (await import("./files")).read(file),
    onSuccess: (read) => take(read, 0),
    onError: () => {
      setSheets(undefined);
      setWrong(t.unreadable);
    },
  });
  const ready = mapping && table.length > 0 && !wrong && laid(catalog, table, mapping) !== undefined;
  const asking = useMutation({
    mutationFn: async () => {
      const now = await readCatalog(catalog.catalog_id);
      const all = mapping && laid(now, table, mapping);
      if (!all) return undefined;
      const difference = await sync(catalog.catalog_id, syncOf(now, all.columns, all.rows, false));
      const added = all.columns.slice(now.catalog_headers.length).map(({ name }) => name);
      return { catalog: now, difference, skipped: all.skipped, columns: added };
    },
    onSuccess: setFound,
  });
  const applying = useMutation({
    mutationFn: async () => {
      const now = await readCatalog(catalog.catalog_id);
      const all = mapping && laid(now, table, mapping);
      if (!all) return;
      if (now.version !== found?.catalog.version) {
        // What was shown is not what would happen now.
        await asking.mutateAsync();
        throw new Error("overtaken");
      }
      await sync(catalog.catalog_id, syncOf(now, all.columns, all.rows, true));
    },
    onSuccess: async () => {
      await onDone();
      toast(t.applied);
      onClose();
    },
  });
  const { added = [], updated = [], deleted = [] } = found?.difference ?? {};
  const nothing = found && added.length + updated.length + deleted.length + found.columns.length === 0;
  const overtaken = applying.error instanceof Error && applying.error.message === "overtaken";
  return (
    <Dialog
      open
      onClose={onClose}
      title={found ? t.difference : t.importFile}
      size="l"
      foot={
        <>
          {found ? (
            <Button onClick={() => setFound(undefined)}>{t.back}</Button>
          ) : (
            <Button onClick={onClose}>{common.cancel}</Button>
          )}
          {found ? (
            <Button
              kind="primary"
              busy={applying.isPending}
              disabled={nothing}
              onClick={() => applying.mutate()}
            >
              {t.apply}
            </Button>
          ) : (
            <Button kind="primary" disabled={!ready} busy={asking.isPending} onClick={() => asking.mutate()}>
              {t.showDifference}
            </Button>
          )}
        </>
      }
    >
      <ProblemNote error={asking.error ?? (overtaken ? undefined : applying.error)} />
      {overtaken && <p className={css.warn}>{t.overtaken}</p>}
      {!found && (
        <>
          <FileChoice busy={reading.isPending} onFile={(file) => reading.mutate(file)} />
          {wrong && (
            <p className={css.warn} role="alert">
              {wrong}
            </p>
          )}
          {sheets && sheets.length > 1 && (
            <Select
              label={t.sheet}
              value={sheet}
              onChange={({ target }) => take(sheets, Number(target.value))}
            >
              {sheets.map(({ name }, index) => (
                <option key={`${index} ${name}`} value={index}>
                  {name}
                </option>
              ))}
            </Select>
          )}
          {mapping && (
            <>
              <Checkbox
                label={t.firstRow}
                checked={mapping.names}
                onChange={({ target }) => setMapping({ ...mapping, names: target.checked })}
              />
              <section>
                <h3 className={css.head}>{t.mapping}</h3>
                <div className={css.mapping}>
                  {mapping.targets.map((target, index) => {
                    const name = (mapping.names && table[0]?.[index]) || "";
                    const examples = table
                      .slice(mapping.names ? 1 : 0, 4)
                      .map((row) => row[index])
                      .filter(Boolean);
                    return (
                      <div key={index} className={css.mapped}>
                        <Select
                          label={t.fileColumn(index + 1, name)}
                          hint={examples.join(", ").slice(0, 60)}
                          value={target ?? ""}
                          onChange={({ target: { value } }) =>
                            setMapping({
                              ...mapping,
                              targets: mapping.targets.map((one, at) =>
                                at === index
                                  ? value || undefined
                                  : one === value && value !== "new"
                                    ? undefined
                                    : one,
                              ),
                            })
                          }
                        >
                          <option value="">{t.skipColumn}</option>
                          {columns.map((column) => (
                            <option key={column.key} value={column.key}>
                              {column.name}
                            </option>
                          ))}
                          <option value="new">{t.newColumn}</option>
                        </Select>
                      </div>
                    );
                  })}
                </div>
              </section>
              <Select
                label={t.mode}
                value={mapping.replaces ? "replace" : "keep"}
                onChange={({ target }) => setMapping({ ...mapping, replaces: target.value === "replace" })}
              >
                <option value="keep">{t.keep}</option>
                <option value="replace">{t.replace}</option>
              </Select>
              {!ready && !wrong && <p className={css.warn}>{t.needsFirst(columns[0]?.name ?? "")}</p>}
            </>
          )}
        </>
      )}
      {found && (
        <>
          {nothing && <p>{t.noDifference}</p>}
          {found.columns.length > 0 && <p>{t.newColumns(found.columns.join(", "))}</p>}
          {found.skipped > 0 && <p className={css.warn}>{t.skipped(found.skipped)}</p>}
          <Shown added={added} updated={updated} deleted={deleted} before={found.catalog} />
        </>
      )}
    </Dialog>
  );
}

function FileChoice({ busy, onFile }: { busy: boolean; onFile: (file: File) => void }) {
  const { catalogs: t } = useT();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button in it does the same
    <div
      className={`${css.drop} ${over ? css.over : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file) onFile(file);
      }}
    >
      <FileUp size={22} aria-hidden="true" />
      <p>{t.dropFile}</p>
      <small>{t.importHint}</small>
      <Button busy={busy} onClick={() => input.current?.click()}>
        {t.chooseFile}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t.chooseFile}
        accept=".csv,.tsv,.txt,.xlsx,text/csv"
        onChange={({ target }) => {
          const file = target.files?.[0];
          target.value = "";
          if (file) onFile(file);
        }}
      />
    </div>
  );
}

function Shown(props: { added: Item[]; updated: Item[]; deleted: Item[]; before: Catalog }) {
  const { catalogs: t } = useT();
  const kinds = [
    { id: "added", label: t.newOnes, items: props.added, icon: <CirclePlus /> },
    { id: "updated", label: t.changedOnes, items: props.updated, icon: <CircleDot /> },
    { id: "deleted", label: t.deletedOnes, items: props.deleted, icon: <CircleMinus /> },
  ].filter(({ items }) => items.length > 0);
  const [chosen, setChosen] = useState<string>();
  const kind = kinds.find(({ id }) => id === chosen) ?? kinds[0];
  const was = new Map((props.before.items ?? []).map((item) => [item.item_id, item.values]));
  if (!kind) return null;
  return (
    <Tabs
      label={t.difference}
      tabs={kinds.map(({ id, label, items }) => ({ id, label, count: items.length }))}
      chosen={kind.id}
      onChoose={setChosen}
    >
      <VirtualList
        key={kind.id}
        count={kind.items.length}
        row={(index) => {
          const item = kind.items[index];
          if (!item) return null;
          const old = was.get(item.item_id) ?? [];
          return (
            <div className={`${css.item} ${css[kind.id]}`}>
              {kind.icon}
              <span>
                <b>{item.values[0]}</b>{" "}
                {kind.id === "updated"
                  ? item.values.map((value, at) =>
                      value === (old[at] ?? "") ? null : (
                        <span key={at} className={css.cell}>
                          <del>{old[at] || "∅"}</del> → <ins>{value || "∅"}</ins>
                        </span>
                      ),
                    )
                  : item.values.slice(1).filter(Boolean).join(" · ")}
              </span>
            </div>
          );
        }}
      />
    </Tabs>
  );
}
