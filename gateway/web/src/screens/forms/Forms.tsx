// The forms that one may use, by folder: from each a new task, and its register.

import { useQuery } from "@tanstack/react-query";
import { LayoutGrid, Plus, Search } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { Link } from "wouter";
import type { Form } from "~/api/types";
import { useActions } from "~/app/actions";
import { Opening } from "~/app/Opening";
import { useT } from "~/i18n";
import { ADMINISTERS, may, useRights } from "~/store/rights";
import { Empty } from "~/ui/Empty";
import { TextField } from "~/ui/Field";
import { Page } from "~/ui/Page";
import { ProblemNote } from "~/ui/ProblemNote";
import css from "./Forms.module.css";
import { FormTile } from "./FormTile";
import { byFolder, formsQuery, useOpenCounts } from "./forms";

/** So many are looked through at a glance. */
const GLANCE = 8;

export default function Forms() {
  const t = useT();
  const { data, error, isPending, refetch } = useQuery(formsQuery);
  const counts = useOpenCounts();
  const rights = useRights();
  const [text, setText] = useState("");
  const folders = byFolder(data ?? [], useDeferredValue(text));
  useActions([
    {
      id: "forms.find",
      label: t.forms.find,
      keys: "f",
      run: () => document.querySelector<HTMLInputElement>("#forms-find input")?.focus(),
    },
  ]);
  const find = (data?.length ?? 0) > GLANCE && (
    <div id="forms-find" className={css.find}>
      <Search size={16} aria-hidden="true" />
      <TextField
        label={t.forms.find}
        bare
        type="search"
        placeholder={t.forms.find}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
    </div>
  );
  return (
    <Page title={t.forms.title} actions={find || undefined}>
      {error && !data ? <ProblemNote error={error} onRetry={() => void refetch()} /> : null}
      {isPending && !error ? <Opening /> : null}
      {data?.length === 0 && (
        <Empty
          icon={<LayoutGrid size={24} />}
          title={t.forms.none}
          action={
            may(rights, ...ADMINISTERS) ? <Link href="/administration/forms">{t.forms.make}</Link> : undefined
          }
        >
          {t.forms.noneHint}
        </Empty>
      )}
      {data && data.length > 0 && folders.length === 0 && (
        <Empty icon={<Search size={24} />} title={t.forms.noneFound} />
      )}
      <div className={css.folders}>
        {folders.map((folder) => (
          <section key={folder.name} className={css.folder}>
            <h2>{folder.name || t.forms.noFolder}</h2>
            <ul className={css.list}>
              {folder.forms.map((form) => (
                <Row key={form.id} form={form} open={counts?.get(form.id) ?? (counts ? 0 : undefined)} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Page>
  );
}

function Row({ form, open }: { form: Form; open?: number }) {
  const t = useT();
  return (
    <li className={css.row}>
      <Link href={`/forms/${form.id}`} className={css.open}>
        <FormTile form={form} />
        <span className={css.names}>
          <span className={css.name}>{form.name}</span>
          <span className={css.note}>
            {form.deleted_or_closed ? t.forms.closed : open === undefined ? "\u00a0" : t.forms.open(open)}
          </span>
        </span>
      </Link>
      {!form.deleted_or_closed && (
        <Link href={`/new/${form.id}`} className={css.new} aria-label={t.forms.newOf(form.name)}>
          <Plus size={16} />
          <span>{t.forms.newTask}</span>
        </Link>
      )}
    </li>
  );
}
