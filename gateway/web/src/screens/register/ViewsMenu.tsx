// Saved views: chosen, saved, changed, shared, deleted.

import { Bookmark, ChevronDown, Save, Trash2, Users } from "lucide-react";
import { useState } from "react";
import type { TemplateField } from "~/api/types";
import { useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { Button } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Dialog } from "~/ui/Dialog";
import { Select, TextField } from "~/ui/Field";
import { Menu } from "~/ui/Menu";
import { PersonPicker } from "~/ui/PersonPicker";
import { ProblemNote, useProblemText } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import { isSame, type SavedView, type Shown, toSave, useViews } from "./views";

interface Props {
  form: number;
  fields: readonly TemplateField[];
  shown: Shown;
  chosen: number | undefined;
  onChoose: (view: SavedView | undefined) => void;
  onSaved: (id: number) => void;
}

export function ViewsMenu({ form, fields, shown, chosen, onChoose, onSaved }: Props) {
  const t = useT();
  const problem = useProblemText();
  const views = useViews(form);
  const [saving, setSaving] = useState(false);
  const [removing, setRemoving] = useState<SavedView>();
  const current = views.views.find(({ id }) => id === chosen);
  const now = toSave(form, shown, fields);
  const changed = current !== undefined && !isSame(current, now);
  const name = current ? current.name : t.register.saved.standard;
  return (
    <>
      <Menu
        label={t.register.saved.title}
        button={
          <Button icon={<Bookmark size={15} />}>
            {name}
            {changed ? ` · ${t.register.saved.changed}` : ""}
            <ChevronDown size={13} aria-hidden="true" style={{ marginLeft: 4, verticalAlign: -2 }} />
          </Button>
        }
        choices={[
          { label: t.register.saved.standard, checked: !current, onChoose: () => onChoose(undefined) },
          ...views.views.map((view) => ({
            label: view.name,
            hint: view.shared ? t.register.saved.shared : undefined,
            icon: view.shared ? <Users size={15} /> : undefined,
            checked: view.id === chosen,
            onChoose: () => onChoose(view),
          })),
          null,
          changed &&
            current?.can_change && {
              label: t.register.saved.update,
              icon: <Save size={15} />,
              onChoose: () =>
                void views
                  .change(current.id, now)
                  .catch((error: unknown) => toast(problem(error), { tone: "bad" })),
            },
          { label: t.register.saved.save, icon: <Bookmark size={15} />, onChoose: () => setSaving(true) },
          current?.can_change && {
            label: t.register.saved.remove,
            icon: <Trash2 size={15} />,
            danger: true,
            onChoose: () => setRemoving(current),
          },
        ]}
      />
      {saving && (
        <SaveDialog
          here={views.here}
          onClose={() => setSaving(false)}
          onSave={async (name, shared_with) => {
            const view = await views.save({ name, ...now, ...(shared_with ? { shared_with } : {}) });
            onSaved(view.id);
          }}
        />
      )}
      <Confirm
        open={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={t.register.saved.remove}
        yes={t.common.delete}
        onYes={async () => {
          if (removing) await views.remove(removing.id);
          onChoose(undefined);
        }}
      >
        <p>{t.register.saved.removeSure(removing?.name ?? "")}</p>
      </Confirm>
    </>
  );
}

function SaveDialog({
  here,
  onClose,
  onSave,
}: {
  here: boolean;
  onClose: () => void;
  onSave: (
    name: string,
    shared?: { everyone: boolean; person_ids: number[]; role_ids: number[] },
  ) => Promise<void>;
}) {
  const t = useT();
  const directory = useDirectory();
  const [name, setName] = useState("");
  const [share, setShare] = useState<"me" | "everybody" | "some">("me");
  const [ids, setIds] = useState<number[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const save = () => {
    if (!name.trim() || busy) return;
    setBusy(true);
    setProblem(undefined);
    const isRole = (id: number) => directory.get(id)?.type === "role";
    const shared =
      share === "me"
        ? undefined
        : {
            everyone: share === "everybody",
            person_ids: share === "some" ? ids.filter((id) => !isRole(id)) : [],
            role_ids: share === "some" ? ids.filter(isRole) : [],
          };
    onSave(name.trim(), shared)
      .then(onClose, setProblem)
      .finally(() => setBusy(false));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      size="s"
      title={t.register.saved.save}
      foot={
        <>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" busy={busy} disabled={!name.trim()} onClick={save}>
            {t.common.save}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextField
          label={t.register.saved.name}
          value={name}
          maxLength={200}
          autoFocus
          required
          onChange={({ target }) => setName(target.value)}
        />
      </form>
      {here ? (
        <p>{t.register.saved.here}</p>
      ) : (
        <>
          <Select
            label={t.register.saved.share}
            value={share}
            onChange={({ target }) => setShare(target.value as typeof share)}
          >
            <option value="me">{t.register.saved.onlyMe}</option>
            <option value="everybody">{t.register.saved.everybody}</option>
            <option value="some">{t.register.saved.some}</option>
          </Select>
          {share === "some" && (
            <PersonPicker label={t.register.saved.with} multiple value={ids} onChange={setIds} />
          )}
        </>
      )}
      <ProblemNote error={problem} />
    </Dialog>
  );
}
