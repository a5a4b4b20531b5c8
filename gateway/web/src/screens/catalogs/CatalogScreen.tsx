// One catalog: its rows in a grid, columns, settings, import and export. What is changed is staged on the device and applied at once.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  Columns3,
  Download,
  Ellipsis,
  FileUp,
  History,
  Plus,
  Redo2,
  Settings2,
  Table2,
  Trash2,
  Undo2,
} from "lucide-react";
import { lazy, Suspense, useDeferredValue, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { api, good } from "~/api/client";
import { useActions } from "~/app/actions";
import { useSession } from "~/app/context";
import { Opening } from "~/app/Opening";
import type { ScreenProps } from "~/app/screens";
import { useFormat, useT } from "~/i18n";
import { begun, did, redone, undone } from "~/screens/designer/model/history";
import { useDraft } from "~/store/drafts";
import { may, useRights } from "~/store/rights";
import { Badge } from "~/ui/Badge";
import { Button, IconButton } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Empty } from "~/ui/Empty";
import { TextField } from "~/ui/Field";
import { Menu } from "~/ui/Menu";
import { useNarrow } from "~/ui/narrow";
import { Page } from "~/ui/Page";
import { ProblemNote } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import css from "./CatalogScreen.module.css";
import { Grid } from "./Grid";
import { catalogQuery, readCatalog, sync } from "./queries";
import * as sheet from "./sheet";

const ImportDialog = lazy(() => import("./ImportDialog"));
const ColumnsDialog = lazy(() => import("./ColumnsDialog"));
const SettingsDialog = lazy(() => import("./SettingsDialog"));
const DeletedDialog = lazy(() => import("./DeletedDialog"));

type Open = "import" | "columns" | "settings" | "deleted" | "discard" | "delete" | undefined;

export default function CatalogScreen({ params }: ScreenProps) {
  const id = Number(params.catalog);
  const { data, error, refetch } = useQuery(catalogQuery(id));
  if (data) return <Opened key={id} catalog={data as sheet.Catalog} />;
  return error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Opening />;
}

function Opened({ catalog }: { catalog: sheet.Catalog }) {
  const { catalogs: t, common, designer } = useT();
  const format = useFormat();
  const [, go] = useLocation();
  const narrow = useNarrow();
  const cache = useQueryClient();
  const { me } = useSession();
  const rights = useRights();
  const [kept, keep] = useDraft<sheet.Staged>(`catalog:${catalog.catalog_id}`);
  const staged = kept ?? sheet.NOTHING;
  const history = useRef(begun(sheet.NOTHING));
  const [open, setOpen] = useState<Open>();
  const [text, setText] = useState("");
  const [overtaken, setOvertaken] = useState(false);
  const [version, setVersion] = useState(catalog.version);
  const asked = useDeferredValue(text.trim().toLocaleLowerCase());
  const isSystem = catalog.source_type === "department_catalog";
  const manages = may(rights, "manageIntegrations");
  const locked = isSystem || catalog.deleted || !(manages || (catalog.supervisors ?? []).includes(me.person));

  const put = (next: sheet.Staged) => {
    if (history.current.now !== staged) history.current = { ...history.current, now: staged };
    history.current = did(history.current, next, undefined, Date.now());
    keep(sheet.isNothing(next) ? undefined : next);
  };
  const jump = (to: typeof undone) => {
    history.current = to(history.current);
    keep(sheet.isNothing(history.current.now) ? undefined : history.current.now);
  };
  const columns = useMemo(() => sheet.columnsOf(catalog, staged), [catalog, staged]);
  const lines = useMemo(() => sheet.linesOf(catalog, staged), [catalog, staged]);
  const first = columns[0]?.key ?? "c0";
  const bad = useMemo(() => sheet.badLines(lines, first), [lines, first]);
  const shown = useMemo(
    () =>
      asked === ""
        ? lines
        : lines.filter(
            ({ cells, state }) =>
              state === "added" ||
              columns.some(({ key }) => (cells[key] ?? "").toLocaleLowerCase().includes(asked)),
          ),
    [lines, columns, asked],
  );
  const counts = sheet.countsOf(staged);
  const dirty = !sheet.isNothing(staged);

  const apply = useMutation({
    mutationFn: async () => {
      // The newest state is what the changes are laid over; who has seen another one looks again.
      const now = await readCatalog(catalog.catalog_id);
      if (now.version !== version) {
        cache.setQueryData(catalogQuery(catalog.catalog_id).queryKey, now as never);
        setVersion(now.version);
        setOvertaken(true);
        return false;
      }
      if (staged.columns) {
        const rows = sheet.linesOf(now, staged).filter(({ state }) => state !== "removed");
        const body = sheet.syncOf(
          now,
          columns,
          rows.map(({ cells }) => cells),
          true,
        );
        await sync(catalog.catalog_id, body);
      } else {
        await good(
          api.POST("/v4/catalogs/{id}/diff", {
            params: { path: { id: catalog.catalog_id } },
            body: sheet.diffOf(now, staged),
          }),
        );
      }
      return true;
    },
    onSuccess: async (done) => {
      if (!done) return;
      await taken();
      toast(t.applied);
    },
  });
  /** The server has other rows now. */
  const taken = async () => {
    const now = await readCatalog(catalog.catalog_id);
    cache.setQueryData(catalogQuery(catalog.catalog_id).queryKey, now as never);
    setVersion(now.version);
    setOvertaken(false);
    history.current = begun(sheet.NOTHING);
    keep(undefined);
    void cache.invalidateQueries({ queryKey: ["catalogs"] });
  };
  const addRow = () => put(sheet.addLine(staged));
  const paste = (line: number, column: number, table: string[][]) => {
    let next = staged;
    table.forEach((row, down) => {
      let target = shown[line + down];
      if (!target) {
        next = sheet.addLine(next);
        target = sheet.linesOf(catalog, next).at(-1);
      }
      if (!target || target.state === "removed") return;
      const into = target;
      row.forEach((cell, across) => {
        const key = columns[column + across]?.key;
        if (key) next = sheet.setCell(catalog, next, into, key, cell);
      });
    });
    put(next);
  };
  const exportCsv = async () => {
    const { csvOf, download } = await import("./files");
    const rows = lines.filter(({ state }) => state !== "removed");
    const table = rows.map(({ cells }) => columns.map(({ key }) => cells[key] ?? ""));
    download(`${catalog.name}.csv`, csvOf([columns.map(({ name }) => name), ...table]));
  };
  useActions([
    { id: "catalog.undo", label: designer.undo, keys: "$mod+z", run: () => jump(undone) },
    { id: "catalog.redo", label: designer.redo, keys: "$mod+Shift+z", run: () => jump(redone) },
    { id: "catalog.add", label: t.addRow, keys: "a", run: addRow },
    { id: "catalog.import", label: t.importFile, keys: "i", run: () => setOpen("import") },
    { id: "catalog.export", label: t.exportCsv, keys: "x c", run: () => void exportCsv() },
  ]);
  const canApply = dirty && bad.size === 0;
  return (
    <Page
      title={catalog.name}
      back="/administration/catalogs"
      fixed
      note={
        <>
          {t.rowsCount(lines.length)}
          {isSystem && <Badge>{t.readOnly}</Badge>}
          {catalog.deleted && <Badge tone="bad">{t.deleted}</Badge>}
        </>
      }
      actions={
        <>
          {!locked && (
            <>
              <IconButton
                label={designer.undo}
                disabled={history.current.past.length === 0}
                onClick={() => jump(undone)}
              >
                <Undo2 size={17} />
              </IconButton>
              <IconButton
                label={designer.redo}
                disabled={history.current.future.length === 0}
                onClick={() => jump(redone)}
              >
                <Redo2 size={17} />
              </IconButton>
              {!narrow && (
                <Button icon={<FileUp size={16} />} onClick={() => setOpen("import")}>
                  {t.importFile}
                </Button>
              )}
            </>
          )}
          <Menu
            label={common.more}
            button={
              <IconButton label={common.more}>
                <Ellipsis size={17} />
              </IconButton>
            }
            choices={[
              narrow &&
                !locked && {
                  label: t.importFile,
                  icon: <FileUp size={16} />,
                  onChoose: () => setOpen("import"),
                },
              { label: t.exportCsv, icon: <Download size={16} />, onChoose: () => void exportCsv() },
              { label: t.deletedRows, icon: <History size={16} />, onChoose: () => setOpen("deleted") },
              ...(locked
                ? []
                : [
                    { label: t.columns, icon: <Columns3 size={16} />, onChoose: () => setOpen("columns") },
                    { label: t.settings, icon: <Settings2 size={16} />, onChoose: () => setOpen("settings") },
                    null,
                    {
                      label: t.deleteCatalog,
                      icon: <Trash2 size={16} />,
                      danger: true,
                      onChoose: () => setOpen("delete"),
                    },
                  ]),
            ]}
          />
        </>
      }
      bar={
        <div className={css.bar}>
          <TextField
            bare
            type="search"
            label={t.search}
            placeholder={t.search}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
          <span className={css.found} role="status">
            {asked && t.foundOf(format.number(shown.length), format.number(lines.length))}
          </span>
          {!locked && (
            <Button icon={<Plus size={16} />} onClick={addRow}>
              {t.addRow}
            </Button>
          )}
        </div>
      }
    >
      {overtaken && <p className={css.note}>{t.overtaken}</p>}
      {lines.length === 0 ? (
        <Empty icon={<Table2 size={24} />} title={t.empty}>
          {t.emptyHint}
        </Empty>
      ) : shown.length === 0 ? (
        <Empty icon={<Table2 size={24} />} title={t.nothingFound}>
          {t.nothingFoundHint}
        </Empty>
      ) : (
        <Grid
          columns={columns}
          lines={shown}
          bad={bad}
          locked={locked}
          onCell={(line, column, value) => put(sheet.setCell(catalog, staged, line, column, value))}
          onToggle={(line) => put(sheet.toggleLine(staged, line))}
          onPaste={paste}
        />
      )}
      {dirty && (
        <div className={css.staged} role="status">
          <div className={css.what}>
            <b>{t.staged}</b>
            <span>
              {[
                t.stagedCounts(counts.added, counts.changed, counts.removed),
                counts.columns && t.stagedColumns,
              ]
                .filter(Boolean)
                .join(", ")}
            </span>
            {bad.size > 0 && <span className={css.bad}>{t.bad[[...bad.values()][0] ?? "empty"]}</span>}
          </div>
          <ProblemNote error={apply.error} />
          <Button onClick={() => setOpen("discard")}>{t.discard}</Button>
          <Button kind="primary" disabled={!canApply} busy={apply.isPending} onClick={() => apply.mutate()}>
            {t.apply}
          </Button>
        </div>
      )}
      <Suspense fallback={null}>
        {open === "import" && (
          <ImportDialog catalog={catalog} onClose={() => setOpen(undefined)} onDone={taken} />
        )}
        {open === "columns" && (
          <ColumnsDialog
            columns={columns}
            onClose={() => setOpen(undefined)}
            onChange={(next) => put({ ...staged, columns: next })}
          />
        )}
        {open === "settings" && (
          <SettingsDialog catalog={catalog} onClose={() => setOpen(undefined)} onDone={taken} />
        )}
        {open === "deleted" && (
          <DeletedDialog
            catalog={catalog}
            locked={locked}
            onClose={() => setOpen(undefined)}
            onBack={(values) =>
              put(
                sheet.addLine(staged, Object.fromEntries(values.map((value, index) => [`c${index}`, value]))),
              )
            }
          />
        )}
      </Suspense>
      <Confirm
        open={open === "discard"}
        onClose={() => setOpen(undefined)}
        title={t.discard}
        yes={t.discard}
        onYes={async () => put(sheet.NOTHING)}
      >
        {t.discardSure}
      </Confirm>
      <Confirm
        open={open === "delete"}
        onClose={() => setOpen(undefined)}
        title={t.deleteCatalog}
        yes={common.delete}
        onYes={async () => {
          await good(api.DELETE("/v4/catalogs/{id}", { params: { path: { id: catalog.catalog_id } } }));
          keep(undefined);
          await cache.invalidateQueries({ queryKey: ["catalogs"] });
          go("/administration/catalogs");
        }}
      >
        {t.deleteCatalogHint}
      </Confirm>
    </Page>
  );
}
