// Print forms: templates by which a task is printed. The server tries a template before it keeps it.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Printer, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { api, good } from "~/api/client";
import { Opening } from "~/app/Opening";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Empty } from "~/ui/Empty";
import { TextArea, TextField } from "~/ui/Field";
import { ProblemNote } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import { FieldSelect } from "../conditions/FieldSelect";
import { useDesigning } from "../context";
import { find } from "../model/doc";
import css from "./PrintTab.module.css";

interface PrintForm {
  print_form_id: number;
  print_form_name: string;
  template: string;
}

const BEGIN = `<h1>{{ task.subject }}</h1>\n`;

export default function PrintTab() {
  const { designer: t } = useT();
  const { form } = useDesigning();
  const { data, error, refetch } = useQuery({
    queryKey: ["print_forms", form.id],
    queryFn: () => good(api.GET("/v4/forms/{id}/print_forms", { params: { path: { id: form.id } } })),
    meta: { kept: false },
  });
  const [chosen, setChosen] = useState<number | "new">();
  const prints = (data?.print_forms ?? []) as PrintForm[];
  const open = chosen ?? prints[0]?.print_form_id;
  const print = prints.find(({ print_form_id }) => print_form_id === open);
  const button = (
    <Button icon={<Plus size={16} />} onClick={() => setChosen("new")}>
      {t.newPrint}
    </Button>
  );
  if (error) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Opening />;
  if (prints.length === 0 && chosen !== "new") {
    return (
      <Empty icon={<Printer size={24} />} title={t.noPrint} action={button}>
        {t.printHint}
      </Empty>
    );
  }
  return (
    <div className={css.tab}>
      <div className={css.list}>
        <ul>
          {prints.map(({ print_form_id, print_form_name }) => (
            <li key={print_form_id}>
              <button
                type="button"
                aria-current={open === print_form_id}
                onClick={() => setChosen(print_form_id)}
              >
                {print_form_name}
              </button>
            </li>
          ))}
        </ul>
        {button}
      </div>
      <Editor key={String(open)} print={print} onSaved={setChosen} />
    </div>
  );
}

function Editor({
  print,
  onSaved,
}: {
  print: PrintForm | undefined;
  onSaved: (id: number | undefined) => void;
}) {
  const { designer: t, common } = useT();
  const { form, doc } = useDesigning();
  const cache = useQueryClient();
  const [name, setName] = useState(print?.print_form_name ?? "");
  const [template, setTemplate] = useState(print?.template ?? BEGIN);
  const [removing, setRemoving] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const again = () => cache.invalidateQueries({ queryKey: ["print_forms", form.id] });
  const save = useMutation({
    mutationFn: () => {
      const body = { print_form_name: name.trim(), template };
      return print
        ? good(
            api.PUT("/v4/forms/{id}/print_forms/{print_form_id}", {
              params: { path: { id: form.id, print_form_id: print.print_form_id } },
              body,
            }),
          )
        : good(api.POST("/v4/forms/{id}/print_forms", { params: { path: { id: form.id } }, body }));
    },
    onSuccess: async (saved) => {
      await again();
      toast(t.savedPrint);
      onSaved(saved.print_form_id);
    },
  });
  const insert = (key: string) => {
    const field = find(doc, key)?.field;
    if (!field) return;
    const named = JSON.stringify(field.name);
    const text =
      field.type === "table"
        ? `{% for row in table[${named}] %}\n\n{% endfor %}`
        : find(doc, key)?.place.in === "table"
          ? `{{ row[${named}] }}`
          : `{{ field[${named}] }}`;
    const at = area.current?.selectionStart ?? template.length;
    setTemplate(`${template.slice(0, at)}${text}${template.slice(at)}`);
    area.current?.focus();
  };
  return (
    <form
      className={css.editor}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextField
        label={t.name}
        required
        maxLength={200}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <FieldSelect label={t.insertField} bare={false} value={undefined} unknown="—" onChange={insert} />
      <div className={css.template}>
        <TextArea
          label={t.template}
          hint={t.templateHint}
          rows={16}
          ref={area}
          spellCheck={false}
          value={template}
          onChange={({ target }) => setTemplate(target.value)}
        />
      </div>
      <ProblemNote error={save.error} />
      <div className={css.foot}>
        {print && (
          <Button icon={<Trash2 size={16} />} onClick={() => setRemoving(true)}>
            {common.delete}
          </Button>
        )}
        <Button type="submit" kind="primary" busy={save.isPending} disabled={!name.trim() || !template}>
          {common.save}
        </Button>
      </div>
      {print && (
        <Confirm
          open={removing}
          onClose={() => setRemoving(false)}
          title={t.removePrint}
          yes={common.delete}
          onYes={async () => {
            await good(
              api.DELETE("/v4/forms/{id}/print_forms/{print_form_id}", {
                params: { path: { id: form.id, print_form_id: print.print_form_id } },
              }),
            );
            await again();
            onSaved(undefined);
          }}
        >
          {print.print_form_name}
        </Confirm>
      )}
    </form>
  );
}
