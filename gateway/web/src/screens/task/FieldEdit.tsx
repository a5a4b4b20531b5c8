// One field of a task, changed where it stands. What is typed is kept until it is saved or given up.

import { useMemo, useState } from "react";
import type { Field, TemplateField } from "~/api/types";
import { FieldInput } from "~/fields/FieldInput";
import { fromRead } from "~/fields/read";
import { validate } from "~/fields/validate";
import type { Input } from "~/fields/values";
import { same, toWrite } from "~/fields/write";
import { useForget } from "~/files/attach";
import { useT } from "~/i18n";
import { useDraft } from "~/store/drafts";
import { Button } from "~/ui/Button";
import css from "./FieldEdit.module.css";
import type { Changing } from "./FieldList";

interface Props {
  field: Field;
  template: TemplateField;
  changing: Changing;
  onClose: () => void;
}

export function FieldEdit({ field, template, changing, onClose }: Props) {
  const t = useT();
  const before = useMemo(() => fromRead(field as Parameters<typeof fromRead>[0]), [field]);
  const [draft, setDraft, ready] = useDraft<{ input?: Input }>(`field:${changing.task}:${field.id}`);
  const [tried, setTried] = useState(false);
  const value = draft ? draft.input : before;
  const errors = validate([template], { [template.id]: value }, () => true, t.fields);
  const error = tried ? errors[template.id] : undefined;
  const forget = useForget();
  const close = () => {
    setDraft(undefined);
    onClose();
  };
  const leave = () => {
    forget(value, before);
    close();
  };
  const save = () => {
    setTried(true);
    if (errors[template.id]) return;
    if (!same(value, before)) changing.onChange(toWrite(template, value, before));
    close();
  };
  if (!ready) return null;
  return (
    <form
      className={css.edit}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) leave();
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        save();
      }}
    >
      <FieldInput
        template={template}
        value={value}
        onChange={(input) => setDraft({ input })}
        error={error}
        autoFocus
      />
      <div className={css.ways}>
        <Button type="submit" size="s" kind="primary">
          {t.common.save}
        </Button>
        <Button size="s" kind="quiet" onClick={leave}>
          {t.common.cancel}
        </Button>
      </div>
    </form>
  );
}
