// Everything one may see, found by words and by questions that go over all forms.

import { Clock, HelpCircle, SearchX, UserCheck, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useSearchParams } from "wouter";
import { Problem } from "~/api/problem";
import { useActions } from "~/app/actions";
import { useTitle } from "~/app/title";
import { useFormat, useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import { useDirectory } from "~/store/directory";
import { useRecent } from "~/store/recent";
import { Button, IconButton } from "~/ui/Button";
import { Empty } from "~/ui/Empty";
import { PersonPicker } from "~/ui/PersonPicker";
import { Popover } from "~/ui/Popover";
import { ProblemNote } from "~/ui/ProblemNote";
import { Spinner } from "~/ui/Spinner";
import { Tabs } from "~/ui/Tabs";
import { Filters } from "./Filters";
import { type Asked, asksNothing, KINDS, useKinds, useSearch } from "./found";
import { operator, remembered, withPart } from "./question";
import { ResultRow } from "./ResultRow";
import css from "./Search.module.css";

/** How long typing may pause before it is asked, in milliseconds. */
const PAUSE = 160;
/** When a question is remembered, in milliseconds after it was typed. */
const MEANT = 2_500;

export default function Search() {
  const t = useT();
  const [params, setParams] = useSearchParams();
  const asked: Asked = {
    q: params.get("q") ?? "",
    kind: KINDS.find((kind) => kind === params.get("kind")),
    form: params.get("form") ?? undefined,
    step: params.get("step") ?? undefined,
    author: params.get("author") ?? undefined,
    state: params.get("state") === "open" ? "open" : params.get("state") === "closed" ? "closed" : undefined,
    order: params.get("order") === "newest" ? "newest" : undefined,
  };
  const [text, setText] = useState(asked.q);
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [recent, setRecent] = useRecent<string>("searches");
  const written = useRef(asked.q);

  const ask = (change: Partial<Record<keyof Asked, string | undefined>>) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(change)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  const latest = useRef(ask);
  latest.current = ask;

  // The address follows the typing, and the box follows the address (back, a link, a chip).
  useEffect(() => {
    const timer = setTimeout(() => {
      if (text.trim() === written.current) return;
      written.current = text.trim();
      latest.current({ q: text.trim() });
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    if (asked.q === written.current) return;
    written.current = asked.q;
    setText(asked.q);
  }, [asked.q]);
  const remember = useRef(setRecent);
  remember.current = setRecent;
  useEffect(() => {
    if (asked.q.length < 3) return;
    const timer = setTimeout(() => remember.current((before) => remembered(before, asked.q)), MEANT);
    return () => clearTimeout(timer);
  }, [asked.q]);

  const put = (question: string) => {
    setText(question);
    written.current = question;
    ask({ q: question });
  };
  useTitle(t.search.title);
  useActions([{ id: "search", label: t.nav.search, keys: "/", run: () => box.current?.select() }]);

  const {
    data,
    error,
    isFetching,
    isPlaceholderData,
    fetchNextPage,
    hasNextPage,
    isFetchingNextPage,
    refetch,
  } = useSearch(asked);
  const first = asksNothing(asked) ? undefined : data?.pages[0];
  const kinds = useKinds(asked) ?? first?.facets.kinds;
  const results = first ? (data?.pages.flatMap((page) => page.results ?? []) ?? []) : [];
  const misread = error instanceof Problem && error.code === "invalid_search_query";

  const move = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp" && event.key !== "Escape") return;
    const links = [...(list.current?.querySelectorAll<HTMLElement>("a[data-result]") ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    if (event.key === "Escape") {
      if (at < 0) return;
      box.current?.focus();
    } else {
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      if (next < 0) box.current?.focus();
      else links[Math.min(next, links.length - 1)]?.focus();
    }
    event.preventDefault();
  };

  const every = kinds?.reduce((sum, { count }) => sum + count, 0);
  const tabs = [
    { id: "all", label: t.search.all, count: every },
    ...KINDS.filter((kind) => kind === asked.kind || kinds?.some((other) => other.kind === kind)).map(
      (kind) => ({
        id: kind,
        label: t.search.kinds[kind],
        count: kinds?.find((other) => other.kind === kind)?.count ?? 0,
      }),
    ),
  ];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys go between the box and what was found
    <div className={css.search} onKeyDown={move}>
      <header className={css.head}>
        <h1 className="hidden">{t.search.title}</h1>
        <div className={css.box}>
          <input
            ref={box}
            type="search"
            className={css.input}
            // biome-ignore lint/a11y/noAutofocus: one comes here to type
            autoFocus
            value={text}
            maxLength={1000}
            placeholder={t.search.placeholder}
            aria-label={t.search.title}
            aria-invalid={misread || undefined}
            aria-describedby={misread ? "misread" : undefined}
            autoComplete="off"
            autoCorrect="off"
            spellCheck={false}
            enterKeyHint="search"
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") {
                put(text.trim());
                setRecent((before) => remembered(before, text));
              }
            }}
          />
          <span className={css.inBox}>
            {isFetching && <Spinner />}
            {text && (
              <IconButton
                label={t.search.clear}
                onClick={() => {
                  put("");
                  box.current?.focus();
                }}
              >
                <X size={16} />
              </IconButton>
            )}
            <Popover
              label={t.search.how}
              placement="bottom-end"
              button={
                <IconButton label={t.search.how}>
                  <HelpCircle size={17} />
                </IconButton>
              }
            >
              <Ways onPick={(way) => put(withPart(text, way))} />
            </Popover>
          </span>
        </div>
        {misread && (
          <p id="misread" className={css.misread} role="alert">
            {(error as Problem).message}
          </p>
        )}
        {first && (
          <>
            <Tabs
              label={t.search.results}
              tabs={tabs}
              chosen={asked.kind ?? "all"}
              onChoose={(kind) => ask({ kind: kind === "all" ? undefined : kind })}
            />
            <Filters asked={asked} facets={first.facets} onChange={ask} />
          </>
        )}
      </header>
      <div className={css.scroll}>
        <p className="hidden" role="status">
          {first && !isPlaceholderData ? t.search.found(first.count, first.count_is_exact) : ""}
        </p>
        {error && !misread && !first ? <ProblemNote error={error} onRetry={() => void refetch()} /> : null}
        {asksNothing(asked) ? (
          <Beginning recent={recent ?? []} onAsk={put} onForget={() => setRecent(() => [])} />
        ) : first && results.length === 0 ? (
          <Empty
            icon={<SearchX size={24} />}
            title={t.search.nothing}
            action={
              asked.kind || asked.form || asked.step || asked.author || asked.state ? (
                <Button
                  onClick={() =>
                    ask({
                      kind: undefined,
                      form: undefined,
                      step: undefined,
                      author: undefined,
                      state: undefined,
                    })
                  }
                >
                  {t.search.dropFilters}
                </Button>
              ) : undefined
            }
          >
            {t.search.nothingHint}
          </Empty>
        ) : (
          <>
            {first?.is_approximate && <p className={css.note}>{t.search.approximate}</p>}
            <ul
              ref={list}
              className={`${css.results} ${isPlaceholderData ? css.old : ""}`}
              aria-label={t.search.results}
            >
              {results.map((found) => (
                <li key={`${found.kind} ${found.id} ${found.comment_id ?? ""}`} className={css.result}>
                  <ResultRow
                    found={found}
                    facets={first?.facets}
                    onOpen={() => setRecent((before) => remembered(before, asked.q))}
                  />
                </li>
              ))}
            </ul>
            {hasNextPage && (
              <Button busy={isFetchingNextPage} className={css.more} onClick={() => void fetchNextPage()}>
                {t.common.loadMore}
              </Button>
            )}
          </>
        )}
      </div>
    </div>
  );
}

function Ways({ onPick }: { onPick: (way: string) => void }) {
  const t = useT();
  return (
    <div className={css.ways}>
      <h2>{t.search.how}</h2>
      <p>{t.search.howHint}</p>
      <ul>
        {t.search.ways.map(([way, meaning]) => (
          <li key={way}>
            <button type="button" onClick={() => onPick(way)}>
              <code>{way}</code>
              <span>{meaning}</span>
            </button>
          </li>
        ))}
      </ul>
      <p>{t.search.keys}</p>
    </div>
  );
}

/** Nothing is asked yet: what one can ask. */
function Beginning({
  recent,
  onAsk,
  onForget,
}: {
  recent: readonly string[];
  onAsk: (question: string) => void;
  onForget: () => void;
}) {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const week = dayOf(new Date(Date.now() - 7 * 86_400_000));
  const ready: [string, string][] = [
    [t.search.waitingForMe, "waiting:me"],
    [t.search.forMyApproval, "approver:me"],
    [t.search.mine, "author:me is:open kind:task"],
    [t.search.thisWeek, `after:${week} kind:task`],
  ];
  return (
    <div className={css.beginning}>
      <section>
        <h2>{t.search.ready}</h2>
        <div className={css.chips}>
          {ready.map(([label, question]) => (
            <Button key={question} onClick={() => onAsk(question)}>
              {label}
            </Button>
          ))}
          <Popover
            label={t.search.whose}
            button={<Button icon={<UserCheck size={16} />}>{t.search.byApprover}</Button>}
          >
            <div className={css.pick}>
              <PersonPicker
                label={t.search.whose}
                value={[]}
                autoFocus
                onChange={([id]) => {
                  const person = id === undefined ? undefined : directory.get(id);
                  if (person) onAsk(operator("approver", format.person(person)));
                }}
              />
            </div>
          </Popover>
        </div>
      </section>
      {recent.length > 0 && (
        <section>
          <h2>
            {t.search.recent}
            <Button kind="quiet" size="s" onClick={onForget}>
              {t.search.forget}
            </Button>
          </h2>
          <ul>
            {recent.map((question) => (
              <li key={question}>
                <button type="button" className={css.recent} onClick={() => onAsk(question)}>
                  <Clock size={15} aria-hidden="true" />
                  <span>{question}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className={css.teach}>
        <Ways onPick={onAsk} />
      </section>
    </div>
  );
}
