// A new task of a form: what the form asks for, checked as it is filled in, and who will be asked.

import { useQueries, useQuery } from "@tanstack/react-query";
import { Eraser, Lock } from "lucide-react";
import { Suspense, useEffect, useMemo, useRef, useState } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { Problem } from "~/api/problem";
import type { Form } from "~/api/types";
import { useActions } from "~/app/actions";
import { useSession } from "~/app/context";
import { lazily } from "~/app/lazily";
import { Opening } from "~/app/Opening";
import type { ScreenProps } from "~/app/screens";
import { catalogQuery } from "~/fields/CatalogPicker";
import { defaultOf, Filled } from "~/fields/condition";
import { FormFields } from "~/fields/FormFields";
import { type Errors, fieldNamed, validate } from "~/fields/validate";
import { type Input, isCell, isTold, placed, type Values } from "~/fields/values";
import { same, toWrite, type Update, written } from "~/fields/write";
import { useT } from "~/i18n";
import { formQuery, useRecentForms } from "~/screens/forms/forms";
import type { Attached } from "~/store/carried";
import { useDraft } from "~/store/drafts";
import { Button } from "~/ui/Button";
import { Empty } from "~/ui/Empty";
import { Page } from "~/ui/Page";
import { ProblemNote, useProblemText } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import css from "./New.module.css";
import { RoutePreview } from "./RoutePreview";
import { useCreate } from "./useCreate";
import { Waits } from "./Waits";

const FileInput = lazily(() => import("~/files/FileInput"));

/** A new task is filled in for its first step. */
const STEP = 1;

export default function NewOfForm({ params }: ScreenProps) {
  const id = Number(params.form);
  const t = useT();
  const { data, error, refetch } = useQuery(formQuery(id));
  if (error && !data) {
    return (
      <Page title={t.forms.newTitle} back="/new">
        <ProblemNote error={error} onRetry={() => void refetch()} />
      </Page>
    );
  }
  if (!data) return <Opening />;
  if (data.deleted_or_closed) {
    return (
      <Page title={data.name} back="/new">
        <Empty
          icon={<Lock size={24} />}
          title={t.forms.closed}
          action={<Link href={`/forms/${id}`}>{t.forms.registerOf(data.name)}</Link>}
        >
          {t.forms.closedHint}
        </Empty>
      </Page>
    );
  }
  return <FillIn key={id} form={data} />;
}

function FillIn({ form }: { form: Form }) {
  const t = useT();
  const { me } = useSession();
  const [, go] = useLocation();
  const problem = useProblemText();
  const parent = Number(new URLSearchParams(useSearch()).get("parent")) || undefined;
  const [draft, setDraft, ready] = useDraft<Values>(`form:${form.id}`);
  // Beside those that stand in fields.
  const [files, setFiles, filesReady] = useDraft<Attached[]>(`form:${form.id}:files`);
  const defaults = useDefaults(form);
  const values = useMemo(() => ({ ...defaults, ...draft }), [defaults, draft]);
  const filled = useMemo(
    () => new Filled(form.fields, values, { author: me.person, step: STEP }),
    [form.fields, values, me.person],
  );
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  const [tried, setTried] = useState(false);
  const { creating, create, again } = useCreate();
  const [, used] = useRecentForms(undefined);
  const frame = useRef<HTMLFormElement>(null);

  const all = validate(form.fields, values, filled.isVisible, t.fields, STEP);
  const wrong = Object.keys(all).length;
  // Said of what one has left; of all of it once one has tried to send.
  const refused = creating.state === "refused" ? creating.error : undefined;
  const named = refused instanceof Problem ? fieldNamed(refused.message, form.fields) : undefined;
  const errors: Errors = {
    ...(tried
      ? all
      : Object.fromEntries(
          Object.entries(validate(form.fields, values, filled.isVisible, t.fields)).filter(([id]) =>
            left.has(Number(id)),
          ),
        )),
    ...(named ? { [named.id]: problem(refused).replace(`${named.name}: `, "") } : {}),
  };

  const put = (next: Values) => {
    if (creating.state === "refused") again();
    // Only what differs from the defaults is a draft; what was emptied is kept as empty.
    const own: Record<number, Input | undefined> = {};
    for (const [key, value] of Object.entries(next)) {
      if (!same(value, defaults[Number(key)])) own[Number(key)] = value;
    }
    setDraft(Object.keys(own).length > 0 ? own : undefined);
  };

  const send = (another: boolean) => {
    if (creating.state === "busy") return;
    setTried(true);
    if (wrong > 0) {
      // After the errors are drawn: the first of them.
      setTimeout(() => frame.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return;
    }
    const body = {
      form_id: form.id,
      fields: fieldsOf(form, values, defaults, filled),
      fill_defaults: true,
      ...(files ? { attachments: files } : {}),
      ...(parent ? { parent_task_id: parent } : {}),
    };
    used(form.id);
    void create(body, form.name, {
      kept: () => {
        setDraft(undefined);
        setFiles(undefined);
        setLeft(new Set());
        setTried(false);
      },
      back: () => {
        setDraft(draft);
        setFiles(files);
      },
      done: (task) => {
        if (!another) return go(`/tasks/${task}`);
        toast(t.forms.created, { action: { label: t.forms.show, run: () => go(`/tasks/${task}`) } });
        frame.current?.querySelector<HTMLElement>("input, textarea, select")?.focus();
      },
    });
  };
  useActions([
    {
      id: "new.create",
      label: t.forms.create,
      keys: "$mod+Enter",
      whileTyping: true,
      run: () => send(false),
    },
    {
      id: "new.create_and_new",
      label: t.forms.createAndNew,
      keys: "$mod+Shift+Enter",
      whileTyping: true,
      run: () => send(true),
    },
  ]);

  return (
    <Page
      title={form.name}
      note={form.folder?.join(" / ") || undefined}
      back="/new"
      actions={
        (draft || files) && creating.state !== "waits" ? (
          <Button
            kind="quiet"
            icon={<Eraser size={15} />}
            onClick={() => {
              setDraft(undefined);
              setFiles(undefined);
              setTried(false);
              const back = () => {
                setDraft(draft);
                setFiles(files);
              };
              toast(t.forms.clearSure, { action: { label: t.common.back, run: back } });
            }}
          >
            {t.forms.clear}
          </Button>
        ) : undefined
      }
    >
      <div className={css.columns}>
        {creating.state === "waits" ? (
          <Waits onAnother={again} />
        ) : (
          <form
            ref={frame}
            className={css.form}
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              send(false);
            }}
            onBlur={({ target }) => {
              const field = Number(target.closest<HTMLElement>("[data-field]")?.dataset.field);
              if (field && !left.has(field)) setLeft(new Set([...left, field]));
            }}
          >
            {ready && (
              <FormFields
                form={form}
                step={STEP}
                values={values}
                onChange={put}
                errors={errors}
                autoFocus={matchMedia("(pointer: fine)").matches}
              />
            )}
            {filesReady && (
              <Suspense fallback={<div className={css.coming} />}>
                <FileInput
                  label={t.files.attached}
                  files={files ?? []}
                  onChange={(next) => {
                    if (creating.state === "refused") again();
                    setFiles(next.length > 0 ? next : undefined);
                  }}
                />
              </Suspense>
            )}
            {refused !== undefined && !named && <ProblemNote error={refused} />}
            <div className={css.foot}>
              <Button type="submit" kind="primary" busy={creating.state === "busy"}>
                {t.forms.create}
              </Button>
              <Button onClick={() => send(true)} disabled={creating.state === "busy"}>
                {t.forms.createAndNew}
              </Button>
              <span role="status" className={css.hint}>
                {tried && wrong > 0 ? t.forms.lookAgain(wrong) : ""}
              </span>
            </div>
          </form>
        )}
        <RoutePreview form={form} filled={filled} />
      </div>
    </Page>
  );
}

/** What stands in the form from the beginning. Items of catalogs are there once their catalogs are. */
function useDefaults(form: Form): Values {
  const given = useMemo(
    () => placed(form.fields).filter((one) => one.field.default_value && !isCell(one) && !isTold(one.field)),
    [form.fields],
  );
  const wanted = given.filter(({ field }) => field.type === "catalog" && field.info.catalog_id);
  const catalogs = useQueries({
    queries: wanted.map(({ field }) => catalogQuery(field.info.catalog_id ?? 0)),
    combine: (results) => results.map(({ data }) => data),
  });
  const [values, setValues] = useState<Values>({});
  const known = catalogs.map((catalog) => catalog?.version ?? "").join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: catalogs are told apart by their versions
  useEffect(() => {
    const next: Record<number, Input | undefined> = {};
    for (const { field } of given) {
      const at = wanted.findIndex((one) => one.field === field);
      const data = at < 0 ? undefined : catalogs[at];
      const catalog = data && {
        headers: data.catalog_headers.map(({ name }) => name),
        items: (data.items ?? []).map(({ item_id, values }) => ({ id: item_id, values })),
      };
      const value = defaultOf(field, catalog);
      if (value) next[field.id] = value;
    }
    setValues(next);
  }, [given, known]);
  return values;
}

/** What is filled in and shown; and what was there by default and was emptied, so that the server leaves it empty. Pure. */
export function fieldsOf(form: Form, values: Values, defaults: Values, filled: Filled): Update[] {
  const updates = written(form.fields, values, filled.isVisible);
  const told = new Set(updates.map(({ id }) => id));
  const emptied = filled.all.filter(
    ({ field }) => defaults[field.id] && !told.has(field.id) && !values[field.id],
  );
  return [...updates, ...emptied.map(({ field }) => toWrite(field, undefined))];
}
