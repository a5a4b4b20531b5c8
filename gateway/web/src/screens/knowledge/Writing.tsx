// An article is written: Markdown with the usual buttons, and how it will look beside it. What is typed is kept; what somebody else saved
// meanwhile is shown before anything is written over.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import {
  Bold,
  Code,
  Eye,
  Heading2,
  Italic,
  Link as LinkIcon,
  List,
  ListOrdered,
  Pencil,
  Quote,
} from "lucide-react";
import { type ReactNode, useDeferredValue, useRef, useState } from "react";
import { useLocation } from "wouter";
import { Problem } from "~/api/problem";
import { useActions } from "~/app/actions";
import { Opening } from "~/app/Opening";
import { useT } from "~/i18n";
import { useDraft } from "~/store/drafts";
import { Button, IconButton } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { useNarrow } from "~/ui/narrow";
import { Page } from "~/ui/Page";
import { ProblemNote } from "~/ui/ProblemNote";
import { Difference } from "./Difference";
import css from "./Knowledge.module.css";
import { Markdown } from "./Markdown";
import { changes, type Entity, entityQuery, useChange } from "./useKnowledge";
import { type Edit, lined, wrapped } from "./wrapping";

interface Draft {
  title: string;
  body: string;
  /** The version that was read before this was written. */
  version?: number;
}

export default function Writing({ id, under }: { id: string | undefined; under: string | undefined }) {
  const t = useT();
  const [, go] = useLocation();
  const narrow = useNarrow();
  const cache = useQueryClient();
  const area = useRef<HTMLTextAreaElement>(null);
  const { data, error } = useQuery({ ...entityQuery(id ?? ""), enabled: Boolean(id) });
  const [kept, keep, ready] = useDraft<Draft>(id ? `article:${id}` : `article:new:${under ?? ""}`);
  const [preview, setPreview] = useState(false);
  const [tried, setTried] = useState(false);
  const [theirs, setTheirs] = useState<Entity>();
  const draft: Draft = kept ?? { title: data?.title ?? "", body: data?.body ?? "", version: data?.version };
  const set = (change: Partial<Draft>) => keep({ ...draft, ...change });
  const leave = () =>
    go(id ? `/knowledge-base/${id}` : under ? `/knowledge-base/${under}` : "/knowledge-base");
  const save = useChange((version: number | undefined) =>
    id
      ? changes.change(id, { title: draft.title.trim(), body: draft.body, version })
      : changes.create({
          type: "article",
          title: draft.title.trim(),
          body: draft.body,
          ...(under && { parent_topic_id: under }),
        }),
  );
  const missing = !draft.title.trim() || !draft.body.trim();
  const submit = (version = draft.version) => {
    setTried(true);
    if (missing || save.isPending) return;
    save.mutate(version, {
      onSuccess: (saved) => {
        keep(undefined);
        go(`/knowledge-base/${(saved as Entity).id}`);
      },
      onError: (problem) => {
        if (id && problem instanceof Problem && problem.status === 409)
          void cache.fetchQuery({ ...entityQuery(id), staleTime: 0 }).then((entity) => setTheirs(entity));
      },
    });
  };
  const put = ({ text, from, to }: Edit) => {
    set({ body: text });
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(from, to);
    });
  };
  const wrap = (sign: string) => {
    const box = area.current;
    if (box) put(wrapped(draft.body, box.selectionStart, box.selectionEnd, sign));
  };
  const line = (sign: string) => {
    const box = area.current;
    if (box) put(lined(draft.body, box.selectionStart, box.selectionEnd, sign));
  };
  useActions([
    { id: "article.save", label: t.common.save, keys: "$mod+Enter", whileTyping: true, run: () => submit() },
    { id: "article.preview", label: t.knowledge.preview, keys: "v", run: () => setPreview(!preview) },
  ]);
  const shown = useDeferredValue(draft.body);
  if (!ready || (id && !data && !error)) return <Opening />;
  const tools: [string, ReactNode, () => void][] = [
    [t.knowledge.tools.heading, <Heading2 key="h" size={16} />, () => line("## ")],
    [t.knowledge.tools.bold, <Bold key="b" size={16} />, () => wrap("**")],
    [t.knowledge.tools.italic, <Italic key="i" size={16} />, () => wrap("*")],
    [t.knowledge.tools.list, <List key="l" size={16} />, () => line("- ")],
    [t.knowledge.tools.numbers, <ListOrdered key="n" size={16} />, () => line("1. ")],
    [t.knowledge.tools.quote, <Quote key="q" size={16} />, () => line("> ")],
    [t.knowledge.tools.code, <Code key="c" size={16} />, () => wrap("`")],
    [t.knowledge.tools.link, <LinkIcon key="a" size={16} />, () => wrap("[](https://)")],
  ];
  const conflict = save.error instanceof Problem && save.error.status === 409;
  return (
    <div className={css.detail}>
      <Page
        title={id ? t.knowledge.editing : t.knowledge.write}
        back={narrow ? (id ? `/knowledge-base/${id}` : "/knowledge-base") : undefined}
        fixed
        actions={
          <>
            {narrow && (
              <IconButton
                label={preview ? t.common.edit : t.knowledge.preview}
                onClick={() => setPreview(!preview)}
              >
                {preview ? <Pencil size={17} /> : <Eye size={17} />}
              </IconButton>
            )}
            <Button
              kind="quiet"
              onClick={() => {
                keep(undefined);
                leave();
              }}
            >
              {t.common.cancel}
            </Button>
            <Button kind="primary" busy={save.isPending} onClick={() => submit()}>
              {t.common.save}
            </Button>
          </>
        }
      >
        <div className={css.writing}>
          {conflict && theirs ? (
            <section className={css.conflict} role="alert">
              <h2>{t.knowledge.conflict}</h2>
              <p>{t.knowledge.conflictHint}</p>
              <Difference before={theirs.body ?? ""} after={draft.body} />
              <div>
                <Button
                  onClick={() => {
                    keep(undefined);
                    setTheirs(undefined);
                    save.reset();
                  }}
                >
                  {t.knowledge.takeTheirs}
                </Button>
                <Button kind="danger" onClick={() => submit(theirs.version)}>
                  {t.knowledge.keepMine}
                </Button>
              </div>
            </section>
          ) : (
            <ProblemNote error={error ?? save.error} />
          )}
          <TextField
            label={t.knowledge.name}
            required
            autoFocus={!id}
            maxLength={200}
            value={draft.title}
            error={tried && !draft.title.trim() ? t.knowledge.nameMissing : undefined}
            onChange={({ target }) => set({ title: target.value })}
          />
          <div className={css.panes}>
            {(!narrow || !preview) && (
              <div className={css.source}>
                <div className={css.tools} role="toolbar" aria-label={t.knowledge.formatting}>
                  {tools.map(([label, icon, run]) => (
                    <button
                      key={label}
                      type="button"
                      aria-label={label}
                      title={label}
                      onMouseDown={(event) => event.preventDefault()}
                      onClick={run}
                    >
                      {icon}
                    </button>
                  ))}
                </div>
                <textarea
                  ref={area}
                  aria-label={t.knowledge.body}
                  placeholder={t.knowledge.bodyHint}
                  aria-invalid={(tried && !draft.body.trim()) || undefined}
                  value={draft.body}
                  onChange={({ target }) => set({ body: target.value })}
                  onKeyDown={(event) => {
                    const sign = (event.ctrlKey || event.metaKey) && { b: "**", i: "*" }[event.key];
                    if (!sign) return;
                    event.preventDefault();
                    wrap(sign);
                  }}
                />
              </div>
            )}
            {(!narrow || preview) && (
              <section className={css.preview} aria-label={t.knowledge.preview}>
                {shown.trim() ? (
                  <Markdown text={shown} />
                ) : (
                  <p className={css.none}>{t.knowledge.previewHint}</p>
                )}
              </section>
            )}
          </div>
        </div>
      </Page>
    </div>
  );
}
