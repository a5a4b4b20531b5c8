// A catalog's name, its supervisors, and how its columns are shown where one chooses.

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Checkbox, TextField } from "~/ui/Field";
import { PersonPicker } from "~/ui/PersonPicker";
import { ProblemNote } from "~/ui/ProblemNote";
import css from "./dialogs.module.css";
import { readCatalog, sync } from "./queries";
import { type Catalog, columnsOf, linesOf, NOTHING, syncOf } from "./sheet";

interface Props {
  catalog: Catalog;
  onClose: () => void;
  onDone: () => Promise<void>;
}

export default function SettingsDialog({ catalog, onClose, onDone }: Props) {
  const { catalogs: t, common } = useT();
  const [name, setName] = useState(catalog.name);
  const before = catalog.supervisors ?? [];
  const [supervisors, setSupervisors] = useState(before);
  const known = new Map((catalog.column_settings ?? []).map((one) => [one.original_position, one]));
  const [settings, setSettings] = useState(
    catalog.catalog_headers.map(({ name: column }, index) => {
      const one = known.get(index);
      return {
        column,
        original_position: index,
        visible: one?.visible ?? true,
        group_by: one?.group_by ?? false,
        sort_order: one?.sort_order ?? undefined,
      };
    }),
  );
  const save = useMutation({
    mutationFn: async () => {
      // The rows go along as they are now: a sync says all of it.
      const now = await readCatalog(catalog.catalog_id);
      const rows = linesOf(now, NOTHING).map(({ cells }) => cells);
      await sync(catalog.catalog_id, {
        ...syncOf(now, columnsOf(now, NOTHING), rows, true),
        name: name.trim(),
        add_supervisors: supervisors.filter((id) => !before.includes(id)).map((id) => ({ id })),
        remove_supervisors: before.filter((id) => !supervisors.includes(id)).map((id) => ({ id })),
        column_settings: settings.map(({ column: _, ...setting }) => setting),
      });
    },
    onSuccess: async () => {
      await onDone();
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.settings}
      foot={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button kind="primary" busy={save.isPending} disabled={!name.trim()} onClick={() => save.mutate()}>
            {common.save}
          </Button>
        </>
      }
    >
      <ProblemNote error={save.error} />
      <TextField
        label={t.name}
        required
        maxLength={200}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <div>
        <PersonPicker multiple label={t.supervisors} value={supervisors} onChange={setSupervisors} />
        <p className={css.hint}>{t.supervisorsHint}</p>
      </div>
      <ul className={css.settings}>
        {settings.map((one, index) => {
          const put = (changes: Partial<typeof one>) =>
            setSettings(settings.map((other, at) => (at === index ? { ...other, ...changes } : other)));
          return (
            <li key={one.original_position}>
              <b>{one.column}</b>
              <Checkbox
                label={t.hidden}
                checked={!one.visible}
                disabled={index === 0}
                onChange={({ target }) => put({ visible: !target.checked })}
              />
              <Checkbox
                label={t.grouped}
                checked={one.group_by}
                onChange={({ target }) => put({ group_by: target.checked })}
              />
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
