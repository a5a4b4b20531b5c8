// The knowledge base: what there is to read as a tree, and beside it what is read or written.

import { BookOpen, BookText, ChevronRight, FilePlus, FolderPlus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { useActions } from "~/app/actions";
import { Opening } from "~/app/Opening";
import type { ScreenProps } from "~/app/screens";
import { useTitle } from "~/app/title";
import { useT } from "~/i18n";
import { useQuickSearch } from "~/screens/search/found";
import { may, useRights } from "~/store/rights";
import { Button } from "~/ui/Button";
import { Empty } from "~/ui/Empty";
import { Marked } from "~/ui/Marked";
import { useNarrow } from "~/ui/narrow";
import { ProblemNote } from "~/ui/ProblemNote";
import { Article } from "./Article";
import css from "./Knowledge.module.css";
import { TopicDialog } from "./TopicDialog";
import { type Item, useTree, wayTo } from "./useKnowledge";

const Writing = lazy(() => import("./Writing"));

/** What a search within gives at most. */
const FOUND = 20;

export default function Knowledge({ params }: ScreenProps) {
  const t = useT();
  const narrow = useNarrow();
  const asked = new URLSearchParams(useSearch());
  const { items } = useTree();
  const chosen = params.id;
  const writes = chosen === "new" || asked.has("edit");
  return (
    <div className={css.split}>
      {(!narrow || !chosen) && <Tree chosen={chosen} />}
      {chosen && writes ? (
        <Suspense fallback={<Opening />}>
          <Writing
            key={chosen}
            id={chosen === "new" ? undefined : chosen}
            under={asked.get("under") ?? undefined}
          />
        </Suspense>
      ) : chosen ? (
        <Article key={chosen} id={chosen} way={wayTo(items, chosen)} narrow={narrow} />
      ) : (
        !narrow && (
          <div className={css.nothing}>
            {items.length > 0 && <Empty icon={<BookOpen size={24} />} title={t.knowledge.pick} />}
          </div>
        )
      )}
    </div>
  );
}

function Tree({ chosen }: { chosen: string | undefined }) {
  const t = useT();
  const [, go] = useLocation();
  const rights = useRights();
  const { items, known, error, isPending, refetch } = useTree();
  const [text, setText] = useState("");
  const [making, setMaking] = useState(false);
  /** Those that are folded: all are open at first. */
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const searching = text.trim().length > 1;
  const { data: found } = useQuickSearch(searching ? `kind:article ${text.trim()}` : "", FOUND);
  const addsAtTop = may(rights, "manageIntegrations");
  useActions(
    addsAtTop
      ? [
          { id: "knowledge.new", label: t.knowledge.write, keys: "n", run: () => go("/knowledge-base/new") },
          {
            id: "knowledge.topic",
            label: t.knowledge.makeTopic,
            keys: "Shift+N",
            run: () => setMaking(true),
          },
        ]
      : [],
  );
  useTitle(t.knowledge.title);
  const branch = (item: Item, depth: number) => {
    const open = !folded.has(item.id);
    const children = item.children ?? [];
    return (
      <li key={item.id}>
        <div
          className={`${css.item} ${item.id === chosen ? css.here : ""}`}
          style={{ "--depth": Math.min(depth, 8) } as React.CSSProperties}
        >
          {item.type === "topic" ? (
            <button
              type="button"
              className={`${css.fold} ${open ? css.unfolded : ""}`}
              aria-expanded={open}
              aria-label={open ? t.lists.fold(item.title) : t.lists.unfold(item.title)}
              onClick={() =>
                setFolded((before) => {
                  const next = new Set(before);
                  if (!next.delete(item.id)) next.add(item.id);
                  return next;
                })
              }
            >
              <ChevronRight size={15} />
            </button>
          ) : (
            <span className={css.fold}>
              <BookText size={14} aria-hidden="true" />
            </span>
          )}
          <Link
            href={`/knowledge-base/${item.id}`}
            className={`${css.name} ${item.type === "topic" ? css.topic : ""}`}
            aria-current={item.id === chosen ? "page" : undefined}
          >
            {item.title || t.knowledge.untitled}
          </Link>
        </div>
        {open && children.length > 0 && <ul>{children.map((child) => branch(child, depth + 1))}</ul>}
      </li>
    );
  };
  return (
    <section className={css.side} aria-label={t.knowledge.tree}>
      <header className={css.sideHead}>
        <h1>{t.knowledge.title}</h1>
        {addsAtTop && (
          <span className={css.sideActions}>
            <button
              type="button"
              aria-label={t.knowledge.makeTopic}
              title={t.knowledge.makeTopic}
              onClick={() => setMaking(true)}
            >
              <FolderPlus size={17} />
            </button>
            <Link href="/knowledge-base/new" aria-label={t.knowledge.write} title={t.knowledge.write}>
              <FilePlus size={17} />
            </Link>
          </span>
        )}
      </header>
      <div className={css.finder}>
        <input
          type="search"
          value={text}
          placeholder={t.knowledge.find}
          aria-label={t.knowledge.find}
          autoComplete="off"
          onChange={({ target }) => setText(target.value)}
        />
      </div>
      {error && !known ? <ProblemNote error={error} onRetry={() => void refetch()} /> : null}
      {isPending && !error ? <Opening /> : null}
      {searching ? (
        <ul className={css.found}>
          {(found?.results ?? []).map((one) => (
            <li key={one.id}>
              <Link href={`/knowledge-base/${one.id}`} aria-current={one.id === chosen ? "page" : undefined}>
                <b>
                  <Marked text={one.title ?? ""} marks={one.title_marks} />
                </b>
                {one.snippet && (
                  <small>
                    <Marked text={one.snippet.text} marks={one.snippet.marks} />
                  </small>
                )}
              </Link>
            </li>
          ))}
          {found && !found.results?.length && <li className={css.none}>{t.search.nothing}</li>}
        </ul>
      ) : (
        <ul className={css.tree}>{items.map((item) => branch(item, 0))}</ul>
      )}
      {known && items.length === 0 && (
        <Empty
          icon={<BookOpen size={24} />}
          title={t.knowledge.empty}
          action={
            addsAtTop && (
              <Button kind="primary" onClick={() => go("/knowledge-base/new")}>
                {t.knowledge.write}
              </Button>
            )
          }
        >
          {t.knowledge.emptyHint}
        </Empty>
      )}
      {making && <TopicDialog onClose={() => setMaking(false)} />}
    </section>
  );
}
