// One list: its tasks as rows or on a board, and a place to write the next one.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bell, BellRing, Columns3, Plus, Rows3, SlidersHorizontal } from "lucide-react";
import { lazy, Suspense, useRef } from "react";
import { Link, useSearchParams } from "wouter";
import { api, good } from "~/api/client";
import { useActions } from "~/app/actions";
import { Opening } from "~/app/Opening";
import { useTitle } from "~/app/title";
import { useFormat, useT } from "~/i18n";
import { dayOf, fromDay } from "~/i18n/format";
import { useDraft } from "~/store/drafts";
import { Button, IconButton } from "~/ui/Button";
import { DateField } from "~/ui/DateField";
import { Empty } from "~/ui/Empty";
import { Checkbox, Select } from "~/ui/Field";
import { useNarrow } from "~/ui/narrow";
import { Page } from "~/ui/Page";
import { Popover } from "~/ui/Popover";
import { ProblemNote } from "~/ui/ProblemNote";
import { type Row, useChangeTask, usePendingRows } from "./change";
import { Dot } from "./Dot";
import { dueDay } from "./grouping";
import css from "./Lists.module.css";
import { Rows } from "./Rows";
import { below, type List, pathTo } from "./tree";
import { useLists } from "./useLists";

const Board = lazy(() => import("./Board"));

/** The most that one answer holds. */
const ROWS = 1000;
const SORTS = ["modified", "due", "created", "responsible", "title"] as const;
type Sort = (typeof SORTS)[number];

export function ListView({ id, back }: { id: number; back?: string }) {
  const t = useT();
  const format = useFormat();
  const narrow = useNarrow();
  const { lists, known } = useLists();
  const path = pathTo(lists, id);
  const list = path.at(-1);
  const [params, setParams] = useSearchParams();
  const board = params.get("view") === "board";
  const columns = params.get("by") === "responsible" ? "responsible" : "due";
  const archived = params.get("closed") === "yes";
  const modified = params.get("changed") ?? undefined;
  const created = params.get("written") ?? undefined;
  const sort = SORTS.find((known) => known === params.get("sort")) ?? "modified";
  const set = (name: string, value: string | undefined) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  const query = {
    item_count: ROWS,
    ...(archived && { include_archived: true }),
    ...(modified && { modified_after: utc(modified) }),
    ...(created && { created_after: utc(created) }),
  };
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["list", id, query],
    queryFn: () => good(api.GET("/v4/lists/{id}/tasks", { params: { path: { id }, query } })),
  });
  const rows = usePendingRows((data?.tasks ?? []) as Row[], ({ list_ids }) =>
    Boolean(list_ids?.includes(id)),
  );
  const shown = sorted(rows, sort, (row) => (row.responsible ? format.person(row.responsible) : "\uffff"));
  const inside = list ? below(list) : [];
  const unseen = known && !list && Boolean(error);
  const filtered = archived || Boolean(modified) || Boolean(created);
  useActions([
    {
      id: "list.board",
      label: board ? t.lists.table : t.lists.board,
      keys: "b",
      run: () => set("view", board ? undefined : "board"),
    },
  ]);
  const views = (
    <fieldset className={css.views} aria-label={t.lists.view}>
      <IconButton label={t.lists.table} aria-pressed={!board} onClick={() => set("view", undefined)}>
        <Rows3 size={17} />
      </IconButton>
      <IconButton label={t.lists.board} aria-pressed={board} onClick={() => set("view", "board")}>
        <Columns3 size={17} />
      </IconButton>
    </fieldset>
  );
  useTitle(list?.name ?? "", 1);
  const title = (
    <span className={css.title}>
      {list && <Dot list={list} />}
      <span>{list?.name ?? (known ? `№ ${id}` : "")}</span>
    </span>
  );
  return (
    <div className={css.detail}>
      <Page
        title={title}
        note={
          path.length > 1
            ? path
                .slice(0, -1)
                .map(({ name }) => name)
                .join(" / ")
            : undefined
        }
        back={back}
        fixed
        actions={
          unseen ? undefined : (
            <>
              <Follow list={id} />
              <Popover
                label={t.lists.filters}
                placement="bottom-end"
                button={
                  <IconButton label={t.lists.filters} className={filtered ? css.active : undefined}>
                    <SlidersHorizontal size={17} />
                  </IconButton>
                }
              >
                <div className={css.filters}>
                  {board && (
                    <Select
                      label={t.lists.columns}
                      value={columns}
                      onChange={({ target }) => set("by", target.value === "due" ? undefined : target.value)}
                    >
                      <option value="due">{t.lists.byDue}</option>
                      <option value="responsible">{t.lists.byResponsible}</option>
                    </Select>
                  )}
                  <Select
                    label={t.lists.sort}
                    value={sort}
                    onChange={({ target }) =>
                      set("sort", target.value === "modified" ? undefined : target.value)
                    }
                  >
                    {SORTS.map((known) => (
                      <option key={known} value={known}>
                        {t.lists.sorts[known]}
                      </option>
                    ))}
                  </Select>
                  <DateField
                    label={t.lists.modifiedAfter}
                    value={modified}
                    max={dayOf(new Date())}
                    onChange={(day) => set("changed", day)}
                  />
                  <DateField
                    label={t.lists.createdAfter}
                    value={created}
                    max={dayOf(new Date())}
                    onChange={(day) => set("written", day)}
                  />
                  <Checkbox
                    label={t.lists.archived}
                    checked={archived}
                    onChange={({ target }) => set("closed", target.checked ? "yes" : undefined)}
                  />
                </div>
              </Popover>
              {!narrow && views}
            </>
          )
        }
        bar={
          unseen ? undefined : (
            <div className={css.bar}>
              <AddTask list={id} />
              {narrow && views}
            </div>
          )
        }
      >
        {error && !data ? (
          <div className={css.pad}>
            <ProblemNote error={error} onRetry={() => void refetch()} />
          </div>
        ) : isPending && rows.length === 0 ? (
          <Opening />
        ) : rows.length === 0 ? (
          <Empty
            title={filtered ? t.lists.emptyFiltered : inside.length > 0 ? t.lists.emptyItself : t.lists.empty}
            action={inside.length > 0 && <Inside lists={inside} />}
          >
            {filtered ? null : inside.length > 0 ? t.lists.insideHint : t.lists.emptyHint}
          </Empty>
        ) : board ? (
          <Suspense fallback={<Opening />}>
            <Board rows={shown} by={columns} />
          </Suspense>
        ) : (
          <Rows rows={shown} />
        )}
        {data?.has_more && <p className={css.note}>{t.lists.more(ROWS)}</p>}
      </Page>
    </div>
  );
}

const utc = (day: string) => `${fromDay(day).toISOString().slice(0, 19)}Z`;

/** Where the tasks are, when the list itself has none. */
function Inside({ lists }: { lists: readonly List[] }) {
  return (
    <ul className={css.inside}>
      {lists.map((list) => (
        <li key={list.id}>
          <Link href={`/lists/${list.id}`}>
            <Dot list={list} />
            <span>{list.name}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** The server's order is by the last change, newest first. */
function sorted(rows: readonly Row[], sort: Sort, responsible: (row: Row) => string): Row[] {
  const by = (text: (row: Row) => string) =>
    [...rows].sort((left, right) => text(left).localeCompare(text(right)));
  switch (sort) {
    case "modified":
      return [...rows];
    case "due":
      return by((row) => dueDay(row) ?? "9999");
    case "created":
      return by((row) => row.create_date).reverse();
    case "responsible":
      return by(responsible);
    case "title":
      return by((row) => row.text ?? "");
  }
}

function AddTask({ list }: { list: number }) {
  const t = useT();
  const [text, setText] = useDraft<string>(`list:${list}:task`);
  const { create } = useChangeTask();
  const box = useRef<HTMLInputElement>(null);
  useActions([{ id: "list.add", label: t.lists.addTask, keys: "a", run: () => box.current?.focus() }]);
  const add = () => {
    const subject = text?.trim();
    if (!subject) return;
    create({ text: subject, list_ids: [list] });
    setText(undefined);
  };
  return (
    <form
      className={css.add}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <Plus size={17} aria-hidden="true" />
      <input
        ref={box}
        value={text ?? ""}
        aria-label={t.lists.addTask}
        placeholder={t.lists.addTask}
        enterKeyHint="done"
        autoComplete="off"
        onChange={(event) => setText(event.target.value || undefined)}
      />
      {text && (
        <Button type="submit" size="s" kind="primary">
          {t.common.add}
        </Button>
      )}
    </form>
  );
}

function Follow({ list }: { list: number }) {
  const t = useT();
  const cache = useQueryClient();
  const key = ["follows"];
  const { data } = useQuery({
    queryKey: key,
    queryFn: () => good(api.GET("/v4/follows")),
    staleTime: 60_000,
  });
  const follows = Boolean(data?.follows.some(({ list_id }) => list_id === list));
  const toggle = useMutation({
    mutationFn: (): Promise<unknown> =>
      follows
        ? good(api.DELETE("/v4/follows", { body: { list_id: list } }))
        : good(api.POST("/v4/follows", { body: { list_id: list } })),
    onSettled: () => cache.invalidateQueries({ queryKey: key }),
  });
  return (
    <IconButton
      label={t.lists.follow}
      title={follows ? t.lists.following : t.lists.followHint}
      aria-pressed={follows}
      className={follows ? css.active : undefined}
      disabled={toggle.isPending || !data}
      onClick={() => toggle.mutate()}
    >
      {follows ? <BellRing size={17} /> : <Bell size={17} />}
    </IconButton>
  );
}
