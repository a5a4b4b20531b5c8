// What happened here, who read what, and who was here when: the server's histories, to be filtered and taken along.

import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, SearchX } from "lucide-react";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { Link, useLocation } from "wouter";
import { api, good } from "~/api/client";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import { save } from "~/screens/factors/save";
import { useDirectory } from "~/store/directory";
import { Button } from "~/ui/Button";
import { DateField } from "~/ui/DateField";
import { Empty } from "~/ui/Empty";
import { Select, TextField } from "~/ui/Field";
import { useNarrow } from "~/ui/narrow";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage, type SectionProps } from "~/ui/Sections";
import { Spinner } from "~/ui/Spinner";
import { Tabs } from "~/ui/Tabs";
import { type Column, VirtualTable } from "~/ui/VirtualTable";
import { named } from "../members/rights";
import css from "./history.module.css";
import { csvOf, type Line, type LineFilter, linesOf, shownLines } from "./lines";

type Kind = "events" | "tasks" | "last";

const KINDS: readonly Kind[] = ["events", "tasks", "last"];
/** Rows that are asked for at a time, and how many times by itself. */
const ROWS = 20_000;
const PAGES = 10;

function ask(kind: Kind, after: number): Promise<string> {
  const query = { header: true, count: ROWS, after };
  if (kind === "events")
    return good(api.GET("/v4/eventhistory", { params: { query }, parseAs: "text" })) as Promise<string>;
  if (kind === "tasks")
    return good(api.GET("/v4/taskaccesshistory", { params: { query }, parseAs: "text" })) as Promise<string>;
  const params = { query: { header: true } };
  return good(api.GET("/v4/personlastaction", { params, parseAs: "text" })) as Promise<string>;
}

export default function HistoryPage({ rest }: SectionProps) {
  const t = useT();
  const [, go] = useLocation();
  const kind = KINDS.find((one) => one === rest) ?? "events";
  return (
    <SectionPage
      title={t.administration.sections.history}
      note={t.organisation.history.hints[kind]}
      fixed
      bar={
        <Tabs
          label={t.administration.sections.history}
          tabs={KINDS.map((id) => ({ id, label: t.organisation.history.tabs[id] }))}
          chosen={kind}
          onChoose={(id) => go(`/administration/history/${id}`)}
        />
      }
    >
      <Lines key={kind} kind={kind} />
    </SectionPage>
  );
}

function Lines({ kind }: { kind: Kind }) {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const narrow = useNarrow();
  const [filter, setFilter] = useState<LineFilter>({ text: "" });
  const asked = useDeferredValue(filter);
  const history = useInfiniteQuery({
    queryKey: ["history", kind],
    queryFn: async ({ pageParam }) => linesOf(await ask(kind, pageParam)),
    initialPageParam: 0,
    getNextPageParam: (page) =>
      kind !== "last" && page.length >= ROWS ? Number(page.at(-1)?.id) : undefined,
    gcTime: 60_000,
    meta: { kept: false },
  });
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = history;
  const read = data?.pages.length ?? 0;
  // The newest come last: all is read on by itself, up to a bound.
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && read < PAGES) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, read, fetchNextPage]);

  const words = useDetails();
  const nameOf = (id: number, email = "") =>
    id === 0 ? t.organisation.history.system : format.person(directory.get(id)) || email || String(id);
  const all = useMemo(() => (data?.pages ?? []).flat(), [data]);
  const events = useMemo(
    () => [...new Set(all.flatMap(({ event }) => (event === undefined ? [] : [event])))],
    [all],
  );
  const eventName = (event: number) =>
    t.organisation.history.events[event] ?? t.organisation.history.event(event);
  // biome-ignore lint/correctness/useExhaustiveDependencies: names are found again as the directory changes
  const rows = useMemo(
    () =>
      shownLines(
        all,
        asked,
        (moment) => dayOf(new Date(moment)),
        (line) => `${nameOf(line.person)} ${words(line)}`,
      ),
    [all, asked, directory, t],
  );
  const columns: Column<Line>[] = [
    {
      id: "time",
      label: t.organisation.history.columns.time,
      width: narrow ? "72px" : "132px",
      cell: ({ time }) =>
        time ? (
          <time dateTime={time} title={format.full(time)}>
            {narrow ? format.short(time) : format.relative(time)}
          </time>
        ) : (
          t.organisation.history.never
        ),
    },
    {
      id: "who",
      label: t.organisation.history.columns.who,
      width: kind === "events" ? (narrow ? "38%" : "20%") : undefined,
      cell: (line) => nameOf(line.person, line.email),
    },
    ...(kind === "events"
      ? [
          {
            id: "what",
            label: t.organisation.history.columns.what,
            cell: (line: Line) => (
              <span className={css.what}>
                {eventName(line.event ?? 0)}
                <small>{words(line)}</small>
              </span>
            ),
          },
        ]
      : []),
    ...(kind === "tasks"
      ? [
          {
            id: "task",
            label: t.organisation.history.columns.task,
            width: "96px",
            cell: ({ task }: Line) => <Link href={`/tasks/${task}`}>{task}</Link>,
          },
        ]
      : []),
    {
      id: "address",
      label: t.organisation.history.columns.address,
      width: "128px",
      spare: true,
      cell: ({ address }) => address,
    },
    {
      id: "program",
      label: t.organisation.history.columns.program,
      width: "20%",
      spare: true,
      cell: ({ program }) => program,
    },
  ];
  const download = () => {
    const names = t.organisation.history.columns;
    const table = rows.map((line) => ({
      [names.time]: line.time,
      [names.who]: nameOf(line.person, line.email),
      ...(line.event !== undefined && {
        [names.what]: eventName(line.event),
        [names.details]: words(line),
      }),
      ...(line.task !== undefined && { [names.task]: String(line.task) }),
      [names.address]: line.address,
      [names.program]: line.program,
    }));
    save(`nashi-${kind}.csv`, `\ufeff${csvOf(table)}`, "text/csv;charset=utf-8");
  };
  return (
    <>
      <div className={css.filters}>
        <TextField
          bare
          type="search"
          label={t.common.search}
          placeholder={t.organisation.history.find}
          value={filter.text}
          onChange={({ target }) => setFilter({ ...filter, text: target.value })}
        />
        {kind === "events" && (
          <Select
            bare
            label={t.organisation.history.columns.what}
            value={filter.event ?? ""}
            onChange={({ target }) =>
              setFilter({ ...filter, event: target.value === "" ? undefined : Number(target.value) })
            }
          >
            <option value="">{t.organisation.history.anyEvent}</option>
            {events
              .map((event) => [event, eventName(event)] as const)
              .sort(([, left], [, right]) => left.localeCompare(right))
              .map(([event, name]) => (
                <option key={event} value={event}>
                  {name}
                </option>
              ))}
          </Select>
        )}
        <DateField
          label={t.organisation.history.from}
          value={filter.from}
          max={filter.until}
          onChange={(from) => setFilter({ ...filter, from })}
        />
        <DateField
          label={t.organisation.history.until}
          value={filter.until}
          min={filter.from}
          onChange={(until) => setFilter({ ...filter, until })}
        />
        <Button icon={<Download size={15} />} disabled={rows.length === 0} onClick={download}>
          {t.organisation.history.download}
        </Button>
      </div>
      <p className={css.count} role="status">
        {data && t.organisation.history.shown(rows.length)}
        {isFetchingNextPage && <Spinner />}
        {hasNextPage && read >= PAGES && !isFetchingNextPage && (
          <Button size="s" onClick={() => void fetchNextPage()}>
            {t.organisation.history.more}
          </Button>
        )}
      </p>
      <ProblemNote error={error} onRetry={() => void refetch()} />
      {!data && !error && <Opening />}
      {data && rows.length === 0 && (
        <Empty icon={<SearchX size={24} />} title={t.organisation.history.none}>
          {t.organisation.history.noneHint}
        </Empty>
      )}
      {rows.length > 0 && (
        <VirtualTable
          label={t.organisation.history.tabs[kind]}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
        />
      )}
    </>
  );
}

const PEOPLE = new Set(["person_id", "person_ids", "guest_ids", "task_receiver_id", "role_id"]);

/** What an event was about, with names in place of numbers where they are known. */
function useDetails(): (line: Line) => string {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const told = (name: string, value: unknown): string => {
    if (name === "rights" && typeof value === "number")
      return format.list(named(value).map((right) => t.administration.rights[right][0] ?? right));
    if (Array.isArray(value)) return value.map((part) => told(name, part)).join(", ");
    if (PEOPLE.has(name) && typeof value === "number")
      return format.person(directory.get(value)) || String(value);
    if (typeof value === "boolean") return value ? t.common.yes : t.common.no;
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  return ({ details }) =>
    Object.entries(details ?? {})
      .flatMap(([name, value]) => {
        const text = told(name, value);
        const about = t.organisation.history.about[name];
        return text && about ? [`${about}: ${text}`] : [];
      })
      .join(" · ");
}
