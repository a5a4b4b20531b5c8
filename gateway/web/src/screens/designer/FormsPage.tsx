// The forms of the organisation for those who design them, by folders.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FileText, LayoutList, Plus } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useLocation } from "wouter";
import { api, good } from "~/api/client";
import { useActions } from "~/app/actions";
import { Opening } from "~/app/Opening";
import { useT } from "~/i18n";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Empty } from "~/ui/Empty";
import { Entries, Entry } from "~/ui/Entries";
import { TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage } from "~/ui/Sections";
import css from "./FormsPage.module.css";
import { foldersOf } from "./folders";
import { formsQuery } from "./queries";

export default function FormsPage() {
  const { designer: t, administration } = useT();
  const { data, error, isPending, refetch } = useQuery(formsQuery);
  const [text, setText] = useState("");
  const [making, setMaking] = useState(false);
  const asked = useDeferredValue(text.trim().toLocaleLowerCase());
  useActions([{ id: "design.new", label: t.newForm, keys: "n", run: () => setMaking(true) }]);
  const forms = (data?.forms ?? []).filter(({ name, folder }) =>
    [name, ...(folder ?? [])].some((one) => one.toLocaleLowerCase().includes(asked)),
  );
  const folders = new Map<string, typeof forms>();
  for (const form of [...forms].sort((left, right) => left.name.localeCompare(right.name))) {
    const folder = (form.folder ?? []).join(" / ");
    folders.set(folder, [...(folders.get(folder) ?? []), form]);
  }
  const sorted = [...folders].sort(([left], [right]) => left.localeCompare(right));
  const make = (
    <Button kind="primary" icon={<Plus size={16} />} onClick={() => setMaking(true)}>
      {t.newForm}
    </Button>
  );
  return (
    <SectionPage title={administration.sections.forms} note={t.formsHint} actions={make}>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {isPending && <Opening />}
      {data && (data.forms ?? []).length === 0 && (
        <Empty icon={<LayoutList size={24} />} title={t.noForms} action={make}>
          {t.noFormsHint}
        </Empty>
      )}
      {(data?.forms ?? []).length > 8 && (
        <div className={css.find}>
          <TextField
            bare
            type="search"
            label={t.find}
            placeholder={t.find}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </div>
      )}
      {sorted.map(([folder, inside]) => (
        <section key={folder} className={css.folder}>
          {(folder || sorted.length > 1) && <h3>{folder || t.noFolder}</h3>}
          <Entries>
            {inside.map((form) => (
              <Entry
                key={form.id}
                href={`/administration/forms/${form.id}`}
                icon={<FileText size={18} />}
                name={form.name}
                note={[
                  t.fieldsCount((form.fields ?? []).length),
                  t.stepsCount(Object.keys(form.steps ?? {}).length),
                  t.version(form.template),
                ].join(" · ")}
              >
                {form.deleted_or_closed && <Badge>{t.closed}</Badge>}
              </Entry>
            ))}
          </Entries>
        </section>
      ))}
      <NewForm open={making} onClose={() => setMaking(false)} />
    </SectionPage>
  );
}

function NewForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { designer: t } = useT();
  const [, go] = useLocation();
  const cache = useQueryClient();
  const [name, setName] = useState("");
  const [folder, setFolder] = useState("");
  const create = useMutation({
    mutationFn: () => good(api.POST("/v4/forms", { body: { name: name.trim(), folder: foldersOf(folder) } })),
    onSuccess: (form) => {
      void cache.invalidateQueries({ queryKey: ["forms"] });
      onClose();
      go(`/administration/forms/${form.id}`);
    },
  });
  return (
    <FormDialog
      open={open}
      onClose={onClose}
      title={t.newForm}
      size="s"
      submit={t.create}
      busy={create.isPending}
      disabled={!name.trim()}
      error={create.error}
      onSubmit={() => create.mutate()}
    >
      <p>{t.newFormHint}</p>
      <TextField
        label={t.formName}
        required
        autoFocus
        maxLength={200}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <TextField
        label={t.folder}
        hint={t.folderHint}
        value={folder}
        onChange={({ target }) => setFolder(target.value)}
      />
    </FormDialog>
  );
}
