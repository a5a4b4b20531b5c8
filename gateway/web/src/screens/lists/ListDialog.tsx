// A list is made or changed: its name, colour, place, and people. What was typed is kept until it is saved or given up.

import { useState } from "react";
import { useLocation } from "wouter";
import { useSession } from "~/app/context";
import { useT } from "~/i18n";
import { useDraft } from "~/store/drafts";
import { Checkbox, Select, TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";
import { PersonPicker } from "~/ui/PersonPicker";
import { COLORS, colorOf } from "./color";
import css from "./Lists.module.css";
import { every, type List, manages, mayMove, pathTo } from "./tree";
import { useAsker, useLists, useWriteList, type WriteList } from "./useLists";

interface Draft {
  name: string;
  color: string;
  parent: number;
  shared: boolean;
  managers: number[];
  members: number[];
}

export function ListDialog({ list, parent, onClose }: { list?: List; parent?: number; onClose: () => void }) {
  const t = useT();
  const [, go] = useLocation();
  const { me } = useSession();
  const { lists } = useLists();
  const asker = useAsker();
  const write = useWriteList();
  const [tried, setTried] = useState(false);
  const before: Draft = {
    name: list?.name ?? "",
    color: list?.color ?? "",
    parent: list?.parent_id ?? parent ?? 0,
    shared: list?.list_type === "org_wide",
    managers: list?.manager_ids ?? [me.person],
    members: list?.member_ids ?? [],
  };
  const [kept, keep] = useDraft<Draft>(list ? `list:${list.id}` : "list:new");
  const draft = kept ?? before;
  const set = (change: Partial<Draft>) => keep({ ...draft, ...change });
  const places = every(lists).filter((other) =>
    list
      ? other.id === before.parent || mayMove(lists, list.id, other.id, asker)
      : manages(lists, other.id, asker),
  );
  const missing = draft.name.trim() === "";
  const give = () => {
    keep(undefined);
    onClose();
  };
  const save = () => {
    setTried(true);
    if (missing) return;
    const without = (all: number[], those: number[]) => all.filter((id) => !those.includes(id));
    const body: WriteList = list
      ? {
          id: list.id,
          ...(draft.name !== before.name && { name: draft.name.trim() }),
          ...(draft.color !== before.color && { color: draft.color }),
          ...(draft.parent !== before.parent && { parent_id: draft.parent }),
          ...(draft.shared !== before.shared && { list_type: draft.shared ? "org_wide" : "private" }),
          added_manager_ids: without(draft.managers, before.managers),
          removed_manager_ids: without(before.managers, draft.managers),
          added_member_ids: without(draft.members, before.members),
          removed_member_ids: without(before.members, draft.members),
        }
      : {
          name: draft.name.trim(),
          ...(draft.color && { color: draft.color }),
          parent_id: draft.parent,
          list_type: draft.shared ? "org_wide" : "private",
          added_manager_ids: draft.managers,
          added_member_ids: draft.members,
        };
    write.mutate(body, {
      onSuccess: ({ id }) => {
        give();
        if (!list) go(`/lists/${id}`);
      },
    });
  };
  return (
    <FormDialog
      open
      title={list ? t.lists.edit : t.lists.make}
      onClose={onClose}
      onCancel={give}
      submit={list ? t.common.save : t.common.add}
      busy={write.isPending}
      error={write.error}
      onSubmit={save}
    >
      <TextField
        label={t.lists.name}
        required
        autoFocus
        maxLength={200}
        value={draft.name}
        error={tried && missing ? t.fields.wrong.required : undefined}
        onChange={(event) => set({ name: event.target.value })}
      />
      <Select
        label={t.lists.parent}
        value={draft.parent}
        onChange={(event) => set({ parent: Number(event.target.value) })}
      >
        <option value={0}>{t.lists.top}</option>
        {places.map((other) => (
          <option key={other.id} value={other.id}>
            {pathTo(lists, other.id)
              .map(({ name }) => name)
              .join(" / ")}
          </option>
        ))}
      </Select>
      <fieldset className={css.colors}>
        <legend>{t.lists.color}</legend>
        {["", ...COLORS].map((color) => (
          <label key={color} style={{ color: colorOf(color) }}>
            <input
              type="radio"
              name="color"
              checked={draft.color === color}
              onChange={() => set({ color })}
            />
            <i />
            <span className="hidden">{t.lists.colors[(color || "none") as keyof typeof t.lists.colors]}</span>
          </label>
        ))}
      </fieldset>
      {(asker.managesAll || draft.shared) && (
        <Checkbox
          label={t.lists.isShared}
          hint={draft.shared ? t.lists.sharedHint : t.lists.privateHint}
          checked={draft.shared}
          onChange={(event) => set({ shared: event.target.checked })}
        />
      )}
      <PersonPicker
        label={t.lists.managers}
        multiple
        value={draft.managers}
        onChange={(managers) => set({ managers })}
      />
      <PersonPicker
        label={t.lists.members}
        multiple
        value={draft.members}
        without={draft.managers}
        onChange={(members) => set({ members })}
      />
    </FormDialog>
  );
}
