// An article as it is read, with its contents at the side; or a topic with what lies in it.

import { BookText, Folder, History, Lock, MoreHorizontal, Pencil } from "lucide-react";
import { useMemo, useState } from "react";
import { Link, useLocation } from "wouter";
import { useActions } from "~/app/actions";
import { Opening } from "~/app/Opening";
import { useTitle } from "~/app/title";
import { useFormat, useT } from "~/i18n";
import { may, useRights } from "~/store/rights";
import { Badge } from "~/ui/Badge";
import { Button, IconButton } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Checkbox } from "~/ui/Field";
import { Menu } from "~/ui/Menu";
import { Page } from "~/ui/Page";
import { ProblemNote } from "~/ui/ProblemNote";
import css from "./Knowledge.module.css";
import { Markdown } from "./Markdown";
import { blocksOf, headingsOf } from "./markdown";
import { PermissionsDialog } from "./PermissionsDialog";
import { TopicDialog } from "./TopicDialog";
import { changes, type Item, useChange, useEntity } from "./useKnowledge";
import { VersionsDialog } from "./VersionsDialog";

type Asked = "rename" | "topic" | "permissions" | "versions" | "delete";

/** From this many headings on there is a table of contents. */
const CONTENTS_MIN = 3;

export function Article({ id, way, narrow }: { id: string; way: Item[]; narrow: boolean }) {
  const t = useT();
  const format = useFormat();
  const [, go] = useLocation();
  const rights = useRights();
  const { data, error, refetch } = useEntity(id);
  const [asked, setAsked] = useState<Asked>();
  useTitle(data?.title ?? "", 1);
  const [whole, setWhole] = useState(false);
  const remove = useChange((withChildren: boolean) => changes.remove(id, withChildren));
  const writes = data?.access_right === "write";
  const manages = may(rights, "manageIntegrations");
  const article = data?.type === "article";
  const edit = () => go(`/knowledge-base/${id}?edit`);
  useActions([
    ...(writes && article ? [{ id: "article.edit", label: t.common.edit, keys: "e", run: edit }] : []),
    ...(data
      ? [{ id: "article.versions", label: t.knowledge.versions, keys: "v", run: () => setAsked("versions") }]
      : []),
  ]);
  const body = data?.body ?? "";
  const headings = useMemo(() => headingsOf(blocksOf(body)).filter(({ level }) => level < 4), [body]);
  // A first heading that only repeats the title is not shown twice.
  const shown = useMemo(() => {
    const [, first, rest] = /^\s*#[ \t]+([^\n]*)\n?([\s\S]*)$/.exec(body) ?? [];
    return first !== undefined && first.trim() === data?.title.trim() ? (rest ?? "") : body;
  }, [body, data?.title]);
  const children = way.at(-1)?.children ?? [];
  const back = way.length > 1 ? `/knowledge-base/${way.at(-2)?.id}` : "/knowledge-base";
  if (!data)
    return (
      <div className={css.detail}>
        {error ? (
          <Page title="" back={narrow ? "/knowledge-base" : undefined}>
            <ProblemNote error={error} onRetry={() => void refetch()} />
          </Page>
        ) : (
          <Opening />
        )}
      </div>
    );
  return (
    <div className={css.detail}>
      <Page
        title={data.title || t.knowledge.untitled}
        note={way
          .slice(0, -1)
          .map(({ title }) => title)
          .join(" / ")}
        back={narrow ? back : undefined}
        actions={
          <>
            {writes && article && (
              <Button icon={<Pencil size={15} />} onClick={edit}>
                {t.common.edit}
              </Button>
            )}
            <Menu
              label={t.common.more}
              button={
                <IconButton label={t.common.more}>
                  <MoreHorizontal size={18} />
                </IconButton>
              }
              choices={[
                {
                  label: t.knowledge.versions,
                  icon: <History size={15} />,
                  onChoose: () => setAsked("versions"),
                },
                writes && { label: t.knowledge.rename, onChoose: () => setAsked("rename") },
                writes && !article && { label: t.knowledge.makeTopic, onChoose: () => setAsked("topic") },
                manages && {
                  label: t.knowledge.permissions,
                  icon: <Lock size={15} />,
                  onChoose: () => setAsked("permissions"),
                },
                writes && null,
                writes && { label: t.common.delete, danger: true, onChoose: () => setAsked("delete") },
              ]}
            />
          </>
        }
      >
        <div className={css.reading}>
          <div className={css.body}>
            <p className={css.meta}>
              {t.knowledge.edited(
                format.person(data.last_edited_by ?? data.author),
                format.relative(data.updated_at),
              )}
              {data.is_public && <Badge tone="info">{t.knowledge.public}</Badge>}
              {!data.is_open_for_organization && (
                <Badge icon={<Lock size={11} />}>{t.knowledge.restricted}</Badge>
              )}
            </p>
            {headings.length >= CONTENTS_MIN && (
              <details className={css.contentsSmall}>
                <summary>{t.knowledge.contents}</summary>
                <Contents headings={headings} />
              </details>
            )}
            {shown.trim() && <Markdown text={shown} />}
            {!article && (
              <ul className={css.inside}>
                {children.map((child) => (
                  <li key={child.id}>
                    <Link href={`/knowledge-base/${child.id}`}>
                      {child.type === "topic" ? <Folder size={17} /> : <BookText size={17} />}
                      <span>{child.title}</span>
                      <time dateTime={child.updated_at}>{format.short(child.updated_at)}</time>
                    </Link>
                  </li>
                ))}
                {children.length === 0 && <li className={css.none}>{t.knowledge.emptyTopic}</li>}
              </ul>
            )}
            {!article && writes && (
              <div>
                <Button
                  kind="primary"
                  icon={<BookText size={16} />}
                  onClick={() => go(`/knowledge-base/new?under=${id}`)}
                >
                  {t.knowledge.write}
                </Button>
              </div>
            )}
          </div>
          {headings.length >= CONTENTS_MIN && (
            <nav className={css.contents} aria-label={t.knowledge.contents}>
              <h2>{t.knowledge.contents}</h2>
              <Contents headings={headings} />
            </nav>
          )}
        </div>
      </Page>
      {asked === "rename" && <TopicDialog entity={data} onClose={() => setAsked(undefined)} />}
      {asked === "topic" && <TopicDialog under={id} onClose={() => setAsked(undefined)} />}
      {asked === "permissions" && <PermissionsDialog id={id} onClose={() => setAsked(undefined)} />}
      {asked === "versions" && <VersionsDialog entity={data} onClose={() => setAsked(undefined)} />}
      <Confirm
        open={asked === "delete"}
        onClose={() => setAsked(undefined)}
        title={t.lists.deleteSure(data.title)}
        yes={t.common.delete}
        onYes={async () => {
          await remove.mutateAsync(whole);
          go(back, { replace: true });
        }}
      >
        <p>{t.knowledge.deleteHint}</p>
        {children.length > 0 && (
          <Checkbox
            label={t.knowledge.deleteWhole}
            checked={whole}
            onChange={({ target }) => setWhole(target.checked)}
          />
        )}
      </Confirm>
    </div>
  );
}

function Contents({ headings }: { headings: { level: number; text: string; id: string }[] }) {
  const least = Math.min(...headings.map(({ level }) => level));
  return (
    <ul>
      {headings.map(({ level, text, id }) => (
        <li key={id} style={{ paddingLeft: `${(level - least) * 12}px` }}>
          <a
            href={`#${id}`}
            onClick={(event) => {
              event.preventDefault();
              document.getElementById(id)?.scrollIntoView({ behavior: "smooth" });
            }}
          >
            {text}
          </a>
        </li>
      ))}
    </ul>
  );
}
