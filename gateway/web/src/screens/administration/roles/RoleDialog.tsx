// A role, new or changed: its name and who is in it.

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, good } from "~/api/client";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { TextField } from "~/ui/Field";
import { PersonPicker } from "~/ui/PersonPicker";
import { ProblemNote } from "~/ui/ProblemNote";
import { Switch } from "~/ui/Switch";
import { toast } from "~/ui/toast";
import css from "../members/members.module.css";
import type { Role } from "./Roles";

interface Props {
  role: Role | "new" | undefined;
  onClose: () => void;
  onDone: () => Promise<unknown>;
}

export function RoleDialog({ role, onClose, onDone }: Props) {
  const t = useT();
  return (
    <Dialog
      open={role !== undefined}
      onClose={onClose}
      title={role === "new" ? t.organisation.roles.add : (role?.name ?? "")}
    >
      {role !== undefined && (
        <RoleForm
          role={role === "new" ? undefined : role}
          onDone={async () => {
            toast(t.organisation.roles.saved);
            onClose();
            await onDone();
          }}
        />
      )}
    </Dialog>
  );
}

function RoleForm({ role, onDone }: { role: Role | undefined; onDone: () => Promise<unknown> }) {
  const t = useT();
  const [name, setName] = useState(role?.name ?? "");
  const [external, setExternal] = useState(role?.external_id ?? "");
  const [banned, setBanned] = useState(role?.banned ?? false);
  const [members, setMembers] = useState<number[]>(role?.member_ids ?? []);
  const save = useMutation({
    mutationFn: () => {
      const before = role?.member_ids ?? [];
      const member_add = members.filter((id) => !before.includes(id));
      if (!role)
        return good(
          api.POST("/v4/roles", {
            body: { name: name.trim(), member_add, ...(external.trim() && { external_id: external.trim() }) },
          }),
        );
      const body = {
        ...(name.trim() !== role.name && { name: name.trim() }),
        ...(external.trim() !== (role.external_id ?? "") && { external_id: external.trim() }),
        ...(banned !== role.banned && { banned }),
        member_add,
        member_remove: before.filter((id) => !members.includes(id)),
      };
      return good(api.PUT("/v4/roles/{id}", { params: { path: { id: role.id } }, body }));
    },
    onSuccess: () => onDone(),
  });
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextField
        label={t.organisation.roles.name}
        required
        autoFocus={!role}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <PersonPicker
        label={t.organisation.roles.members}
        multiple
        roles={false}
        value={members}
        onChange={setMembers}
      />
      <TextField
        label={t.organisation.roles.external}
        hint={t.organisation.roles.externalHint}
        value={external}
        onChange={({ target }) => setExternal(target.value)}
      />
      {role && <Switch label={t.organisation.roles.blocked} checked={banned} onChange={setBanned} />}
      <ProblemNote error={save.error} />
      <Button type="submit" kind="primary" busy={save.isPending} disabled={!name.trim()}>
        {t.common.save}
      </Button>
    </form>
  );
}
