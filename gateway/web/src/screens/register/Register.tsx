// The register of a form: its tasks as a table, a board or charts, asked for and shown as one likes; a task opens beside.

import { useQuery } from "@tanstack/react-query";
import { ExternalLink, FileDown, Plus, Search, X } from "lucide-react";
import { lazy, Suspense, useCallback, useDeferredValue, useEffect, useMemo, useState } from "react";
import { Link, useLocation } from "wouter";
import type { Form, TemplateField } from "~/api/types";
import { useActions, viewKeys } from "~/app/actions";
import { usePending } from "~/app/context";
import { Opening } from "~/app/Opening";
import type { ScreenProps } from "~/app/screens";
import { isTold, placed } from "~/fields/values";
import { useT } from "~/i18n";
import { formQuery } from "~/screens/forms/forms";
import { TaskView } from "~/screens/task/TaskView";
import type { Command } from "~/store/command";
import { useDraft } from "~/store/drafts";
import { Button, IconButton } from "~/ui/Button";
import { Empty } from "~/ui/Empty";
import { TextField } from "~/ui/Field";
import { Menu } from "~/ui/Menu";
import { useNarrow } from "~/ui/narrow";
import { Page } from "~/ui/Page";
import { ProblemNote } from "~/ui/ProblemNote";
import { Tabs } from "~/ui/Tabs";
import { BulkBar } from "./BulkBar";
import { Cards } from "./Cards";
import { CellEditor, type Editing } from "./CellEditor";
import { ColumnsMenu } from "./ColumnsMenu";
import { type ColumnId, columnFields, defaultColumns, fieldOf, type Sort, sorted } from "./columns";
import { useExport } from "./exporting";
import { FilterBar } from "./FilterBar";
import { Grid, type PendingCells } from "./Grid";
import { asked, EVERYTHING, isNarrowed } from "./query";
import css from "./Register.module.css";
import { useRows } from "./useRows";
import { ViewsMenu } from "./ViewsMenu";
import { fromSaved, type SavedView, type Shown } from "./views";

const Board = lazy(() => import("./Board"));
const Charts = lazy(() => import("./Charts"));

export default function Register({ params }: ScreenProps) {
  const id = Number(params.form);
  const { data, error, refetch } = useQuery(formQuery(id));
  const t = useT();
  if (error && !data) {
    return (
      <Page title={t.forms.register} back="/forms">
        <ProblemNote error={error} onRetry={() => void refetch()} />
      </Page>
    );
  }
  if (!data) return <Opening />;
  const open = Number(params.task) || undefined;
  return <OfForm key={id} form={data} open={open} />;
}

/** What is shown, and which saved view it began as. */
interface Working extends Shown {
  saved?: number;
}

function OfForm({ form, open }: { form: Form; open?: number }) {
  const t = useT();
  const [, go] = useLocation();
  const narrow = useNarrow();
  const fields = useMemo(() => columnFields(placed(form.fields)), [form.fields]);
  const templates = useMemo(() => new Map(fields.map((field) => [field.id, field])), [fields]);
  const otherwise = useMemo(() => defaultColumns(fields), [fields]);
  const [kept, setKept, ready] = useDraft<Working>(`register:${form.id}`);
  const working: Working = kept ?? { view: "table", query: EVERYTHING, columns: otherwise };
  const { query, view } = working;
  const sort = working.sort;
  // Columns of fields that are there no more are left out.
  const columns = useMemo(
    () => working.columns.filter(({ id }) => fieldOf(id) === undefined || templates.has(fieldOf(id) ?? 0)),
    [working.columns, templates],
  );
  const put = (part: Partial<Working>) => setKept({ ...working, ...part });

  const wanted = useDeferredValue(query);
  const body = useMemo(() => {
    const needed = new Set<number>(columns.flatMap(({ id }) => fieldOf(id) ?? []));
    if (narrow) for (const field of fields.slice(0, 4)) needed.add(field.id);
    const choice = view === "chart" ? fields.filter(({ type }) => type === "multiple_choice") : [];
    for (const field of choice) needed.add(field.id);
    const [some] = form.fields;
    const ids = [...needed].sort((left, right) => left - right);
    return {
      ...asked(wanted, fields),
      ...(sort?.by === "id" && !sort.descending ? { sort: "id" } : {}),
      field_ids: ids.length > 0 ? ids : some ? [some.id] : [],
      ...(view === "board" ? { include_approvals: true } : {}),
    };
  }, [wanted, fields, columns, view, sort, narrow, form.fields]);
  const rows = useRows(form.id, body);
  const byId = sort?.by === "id";
  const whole = view !== "table" || (sort !== undefined && !byId);
  const { all, has_more, loading } = rows;
  useEffect(() => {
    if (whole && has_more && !loading && !rows.error) all();
  }, [whole, has_more, loading, all, rows.error]);
  const tasks = useMemo(() => (byId ? rows.tasks : sorted(rows.tasks, sort)), [rows.tasks, sort, byId]);

  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const select = useCallback((ids: readonly number[], on: boolean) => {
    setSelected((before) => {
      const next = new Set(before);
      for (const id of ids) {
        if (on) next.add(id);
        else next.delete(id);
      }
      return next;
    });
  }, []);
  const [editing, setEditing] = useState<Editing>();
  const pending = usePendingCells();
  const nameOf = useNames(templates);
  const canEdit = useCallback(
    (field: TemplateField | undefined) => field !== undefined && !isTold(field),
    [],
  );
  const openTask = useCallback(
    (id: number) => go(narrow ? `/tasks/${id}` : `/forms/${form.id}/${id}`),
    [go, narrow, form.id],
  );
  const onSort = (by: ColumnId) => put({ sort: nextSort(sort, by) });
  const step = (by: number) => {
    const at = tasks.findIndex(({ id }) => id === open);
    const next = tasks[Math.min(tasks.length - 1, Math.max(0, at + by))];
    if (next) openTask(next.id);
  };
  const save = useExport(form, body, columns);
  useActions([
    { id: "register.new", label: t.forms.newOf(form.name), keys: "n", run: () => go(`/new/${form.id}`) },
    {
      id: "register.find",
      label: t.register.find,
      keys: "f",
      run: () => document.querySelector<HTMLInputElement>("#register-find input")?.focus(),
    },
    ...(["table", "board", "chart"] as const).map((name, at) => ({
      id: `register.${name}`,
      label: t.register.views[name],
      keys: viewKeys(at),
      run: () => put({ view: name }),
    })),
    { id: "register.csv", label: `${t.register.export}: CSV`, keys: "x c", run: () => void save("csv") },
    { id: "register.xlsx", label: `${t.register.export}: XLSX`, keys: "x x", run: () => void save("xlsx") },
    ...(open !== undefined
      ? [
          { id: "register.next", label: t.register.next, keys: "j", run: () => step(1) },
          { id: "register.previous", label: t.register.previous, keys: "k", run: () => step(-1) },
          {
            id: "register.close",
            label: t.register.closePane,
            keys: "Escape",
            run: () => go(`/forms/${form.id}`),
          },
        ]
      : []),
  ]);

  const take = (saved: SavedView | undefined) => {
    if (!saved) setKept(undefined);
    else setKept({ ...fromSaved(saved, fields, otherwise), saved: saved.id });
    setSelected(new Set());
  };
  const none = !rows.opening && tasks.length === 0 && !rows.changing;
  const empty = none && (
    <Empty
      icon={isNarrowed(query) ? <Search size={24} /> : <Plus size={24} />}
      title={isNarrowed(query) ? t.register.nothingFits : t.register.empty}
      action={
        isNarrowed(query) ? (
          <Button onClick={() => put({ query: EVERYTHING })}>{t.register.askLess}</Button>
        ) : form.deleted_or_closed ? undefined : (
          <Link href={`/new/${form.id}`}>{t.register.newTask}</Link>
        )
      }
    >
      {isNarrowed(query) ? t.register.nothingFitsHint : t.register.emptyHint}
    </Empty>
  );

  const views = (
    <ViewsMenu
      form={form.id}
      fields={fields}
      shown={{ ...working, columns }}
      chosen={working.saved}
      onChoose={take}
      onSaved={(id) => put({ saved: id })}
    />
  );

  return (
    <Page
      title={form.name}
      note={
        <span role="status">
          {rows.opening ? "\u00a0" : t.register.count(tasks.length, rows.has_more)}
          {whole && rows.has_more ? ` · ${t.register.reading}` : ""}
        </span>
      }
      back="/forms"
      fixed
      actions={
        <>
          {!narrow && views}
          <Menu
            label={t.register.export}
            button={
              <IconButton label={t.register.export}>
                <FileDown size={17} />
              </IconButton>
            }
            choices={[
              { label: t.register.csv, onChoose: () => void save("csv") },
              { label: t.register.xlsx, onChoose: () => void save("xlsx") },
            ]}
          />
          {!form.deleted_or_closed &&
            (narrow ? (
              <IconButton label={t.register.newTask} onClick={() => go(`/new/${form.id}`)}>
                <Plus size={17} />
              </IconButton>
            ) : (
              <Button icon={<Plus size={15} />} onClick={() => go(`/new/${form.id}`)}>
                {t.register.newTask}
              </Button>
            ))}
        </>
      }
      bar={
        <div className={css.bar}>
          <Tabs
            label={t.register.saved.title}
            tabs={(["table", "board", "chart"] as const).map((name) => ({
              id: name,
              label: t.register.views[name],
            }))}
            chosen={view}
            onChoose={(name) => put({ view: name as Shown["view"] })}
          />
          {narrow && views}
          <div id="register-find" className={css.find}>
            <Search size={15} aria-hidden="true" />
            <TextField
              label={t.register.find}
              bare
              type="search"
              placeholder={t.register.find}
              value={query.text}
              maxLength={300}
              onChange={({ target }) => put({ query: { ...query, text: target.value } })}
            />
          </div>
          <FilterBar
            form={form}
            fields={fields}
            query={query}
            onChange={(next) => put({ query: next })}
            narrow={narrow}
            count={tasks.length}
          />
          {view === "table" && !narrow && (
            <ColumnsMenu
              columns={columns}
              fields={fields}
              nameOf={nameOf}
              onChange={(next) => put({ columns: next ?? otherwise })}
            />
          )}
        </div>
      }
    >
      {rows.error && rows.opening ? <ProblemNote error={rows.error} onRetry={rows.again} /> : null}
      {(rows.opening || !ready) && !rows.error ? <Opening /> : null}
      {ready && !rows.opening && (
        <div className={css.split}>
          <div className={`${css.main} ${rows.changing ? css.changing : ""}`}>
            {empty}
            {!none && view === "table" && !narrow && (
              <Grid
                label={t.register.grid(form.name)}
                form={form.name}
                tasks={tasks}
                columns={columns}
                nameOf={nameOf}
                templates={templates}
                steps={form.steps}
                pending={pending}
                sort={sort}
                onSort={onSort}
                onWidth={(id, width) =>
                  put({
                    columns: columns.map((column) => (column.id === id ? { ...column, width } : column)),
                  })
                }
                selected={selected}
                onSelect={select}
                open={open}
                onOpen={openTask}
                onEdit={(task, field, cell) =>
                  setEditing({ task, field, cell, sent: sentIn(pending, task.id, field.id) })
                }
                canEdit={canEdit}
                onEnd={rows.more}
                busy={rows.changing}
              />
            )}
            {!none && view === "table" && narrow && (
              <Cards
                form={form.name}
                tasks={tasks}
                fields={fields}
                steps={form.steps}
                pending={pending}
                selected={selected}
                onSelect={select}
                onOpen={openTask}
                onEnd={rows.more}
              />
            )}
            <Suspense fallback={<Opening />}>
              {!none && view === "board" && (
                <Board form={form} tasks={tasks} fields={columns} templates={templates} onOpen={openTask} />
              )}
              {!none && view === "chart" && (
                <Charts form={form} tasks={tasks} fields={fields} whole={!rows.has_more} />
              )}
            </Suspense>
            {selected.size > 0 && (
              <BulkBar
                form={form}
                tasks={tasks.filter(({ id }) => selected.has(id))}
                onDone={() => setSelected(new Set())}
              />
            )}
          </div>
          {open !== undefined && !narrow && (
            <aside className={css.beside} aria-label={t.register.beside}>
              <div className={css.tools}>
                <Link href={`/tasks/${open}`} className={css.tool} aria-label={t.register.openWhole}>
                  <ExternalLink size={16} />
                </Link>
                <IconButton label={t.register.closePane} onClick={() => go(`/forms/${form.id}`)}>
                  <X size={17} />
                </IconButton>
              </div>
              <TaskView key={open} id={open} />
            </aside>
          )}
        </div>
      )}
      {editing && <CellEditor editing={editing} onClose={() => setEditing(undefined)} />}
    </Page>
  );
}

/** What a cell is to be once the server has accepted it; nothing of what was refused. */
function sentIn(pending: PendingCells, task: number, field: number): unknown {
  const change = pending.get(task)?.get(field);
  return change && change.command.state !== "refused" ? change.value : undefined;
}

/** Rising, falling, and as it was. */
function nextSort(sort: Sort | undefined, by: ColumnId): Sort | undefined {
  if (sort?.by !== by) return { by, descending: false };
  return sort.descending ? undefined : { by, descending: true };
}

function useNames(templates: ReadonlyMap<number, TemplateField>): (column: ColumnId) => string {
  const t = useT();
  return (column) => {
    const field = fieldOf(column);
    if (field !== undefined) return templates.get(field)?.name ?? `#${field}`;
    return t.register.columns[column as keyof typeof t.register.columns] ?? column;
  };
}

/** Changes of cells that the server has not accepted, by task and field. */
function usePendingCells(): PendingCells {
  const pending = usePending();
  return useMemo(() => {
    const cells = new Map<number, Map<number, { command: Command; value: unknown }>>();
    for (const command of pending) {
      if (command.task === undefined || command.kind !== "comment") continue;
      const updates = (command.body as { field_updates?: { id: number; value: unknown }[] } | undefined)
        ?.field_updates;
      for (const { id, value } of updates ?? []) {
        const own = cells.get(command.task) ?? new Map();
        own.set(id, { command, value });
        cells.set(command.task, own);
      }
    }
    return cells;
  }, [pending]);
}
