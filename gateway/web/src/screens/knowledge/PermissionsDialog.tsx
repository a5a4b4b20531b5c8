// Who reads and who edits an article or a topic.

import { useState } from "react";
import { Opening } from "~/app/Opening";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Checkbox } from "~/ui/Field";
import { PersonPicker } from "~/ui/PersonPicker";
import { ProblemNote } from "~/ui/ProblemNote";
import { changes, useChange, usePermissions } from "./useKnowledge";

interface Chosen {
  inherit: boolean;
  open: boolean;
  readers: number[];
  editors: number[];
}

export function PermissionsDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useT();
  const { data, error } = usePermissions(id, true);
  const [changed, setChanged] = useState<Chosen>();
  const chosen: Chosen | undefined =
    changed ??
    (data && {
      inherit: data.inherit,
      open: data.global_permission === "read",
      readers: (data.readers ?? []).map((one) => one.id),
      editors: (data.editors ?? []).map((one) => one.id),
    });
  const set = (change: Partial<Chosen>) => chosen && setChanged({ ...chosen, ...change });
  const save = useChange((to: Chosen) =>
    changes.permit(id, {
      inherit: to.inherit,
      readers: to.readers,
      editors: to.editors,
      is_open_for_organization: to.open,
    }),
  );
  return (
    <Dialog
      open
      title={t.knowledge.permissions}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button
            kind="primary"
            busy={save.isPending}
            disabled={!changed}
            onClick={() => changed && save.mutate(changed, { onSuccess: onClose })}
          >
            {t.common.save}
          </Button>
        </>
      }
    >
      {chosen ? (
        <>
          <Checkbox
            label={t.knowledge.inherit}
            hint={t.knowledge.inheritHint}
            checked={chosen.inherit}
            onChange={({ target }) => set({ inherit: target.checked })}
          />
          <Checkbox
            label={t.knowledge.openToAll}
            hint={t.knowledge.openToAllHint}
            checked={chosen.open}
            onChange={({ target }) => set({ open: target.checked })}
          />
          <PersonPicker
            label={t.knowledge.readers}
            multiple
            value={chosen.readers}
            onChange={(readers) => set({ readers })}
          />
          <PersonPicker
            label={t.knowledge.editors}
            multiple
            value={chosen.editors}
            onChange={(editors) => set({ editors })}
          />
        </>
      ) : (
        !error && <Opening />
      )}
      <ProblemNote error={error ?? save.error} />
    </Dialog>
  );
}
