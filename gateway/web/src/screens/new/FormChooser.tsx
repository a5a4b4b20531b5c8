// Forms to fill in: those used lately, then all by folder, found by their names.

import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { Link } from "wouter";
import type { Form } from "~/api/types";
import { useT } from "~/i18n";
import { FormTile } from "~/screens/forms/FormTile";
import { byFolder, formsQuery, useRecentForms } from "~/screens/forms/forms";
import { TextField } from "~/ui/Field";
import css from "./New.module.css";

/** So many need no search. */
const GLANCE = 8;

export function FormChooser() {
  const t = useT();
  const { data } = useQuery(formsQuery);
  const [recent] = useRecentForms(data);
  const [text, setText] = useState("");
  const asked = useDeferredValue(text);
  const usable = (data ?? []).filter((form) => !form.deleted_or_closed);
  if (usable.length === 0) return null;
  const folders = byFolder(usable, asked);
  return (
    <aside className={css.aside} aria-label={t.forms.fillIn}>
      <h2>{t.forms.fillIn}</h2>
      {usable.length > GLANCE && (
        <TextField
          label={t.forms.find}
          bare
          type="search"
          placeholder={t.forms.find}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      )}
      {asked === "" && usable.length > GLANCE && recent.length > 0 && (
        <Group name={t.forms.recent} forms={recent} />
      )}
      {folders.map((folder) => (
        <Group key={folder.name} name={folder.name || t.forms.noFolder} forms={folder.forms} />
      ))}
      {folders.length === 0 && <p className={css.none}>{t.forms.noneFound}</p>}
    </aside>
  );
}

function Group({ name, forms }: { name: string; forms: Form[] }) {
  return (
    <section className={css.group}>
      <h3>{name}</h3>
      <ul>
        {forms.map((form) => (
          <li key={form.id}>
            <Link href={`/new/${form.id}`} className={css.choice}>
              <FormTile form={form} size="s" />
              <span>{form.name}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
