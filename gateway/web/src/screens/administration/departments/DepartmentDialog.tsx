// A department, new or changed: its name, its manager, and what it is part of.

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, good } from "~/api/client";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Select, TextField } from "~/ui/Field";
import { PersonPicker } from "~/ui/PersonPicker";
import { ProblemNote } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import css from "../members/members.module.css";
import { type Department, rowsOf, within } from "./tree";

export type Opened = { department: Department } | { parent: number };

interface Props {
  opened: Opened | undefined;
  departments: readonly Department[];
  onClose: () => void;
  onDone: () => Promise<unknown>;
}

export function DepartmentDialog({ opened, departments, onClose, onDone }: Props) {
  const t = useT();
  return (
    <Dialog
      open={opened !== undefined}
      onClose={onClose}
      size="s"
      title={
        opened && "department" in opened ? opened.department.department_name : t.organisation.departments.add
      }
    >
      {opened && (
        <DepartmentForm
          opened={opened}
          departments={departments}
          onDone={async () => {
            toast(t.organisation.departments.saved);
            onClose();
            await onDone();
          }}
        />
      )}
    </Dialog>
  );
}

function DepartmentForm({
  opened,
  departments,
  onDone,
}: {
  opened: Opened;
  departments: readonly Department[];
  onDone: () => Promise<unknown>;
}) {
  const t = useT();
  const before = "department" in opened ? opened.department : undefined;
  const [name, setName] = useState(before?.department_name ?? "");
  const [parent, setParent] = useState(
    before ? (before.parent_id ?? 0) : "parent" in opened ? opened.parent : 0,
  );
  const [manager, setManager] = useState(before?.manager_id ?? undefined);
  const barred = before ? within(departments, before.id) : new Set<number>();
  const save = useMutation({
    mutationFn: () => {
      const body = {
        department_name: name.trim(),
        parent_id: parent,
        ...(manager ? { manager_id: manager } : before?.manager_id ? { remove_manager: true } : {}),
      };
      return before
        ? good(api.POST("/v4/orgchart/{id}", { params: { path: { id: before.id } }, body }))
        : good(api.PUT("/v4/orgchart", { body }));
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
        label={t.organisation.departments.name}
        required
        autoFocus
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <Select
        label={t.organisation.departments.above}
        value={parent}
        onChange={({ target }) => setParent(Number(target.value))}
      >
        <option value={0}>{t.organisation.departments.top}</option>
        {rowsOf(departments)
          .filter(({ department }) => !barred.has(department.id))
          .map(({ department, depth }) => (
            <option key={department.id} value={department.id}>
              {"\u2003".repeat(depth)}
              {department.department_name}
            </option>
          ))}
      </Select>
      <PersonPicker
        label={t.organisation.departments.manager}
        roles={false}
        placeholder={t.organisation.departments.noManager}
        value={manager ? [manager] : []}
        onChange={([next]) => setManager(next)}
      />
      <ProblemNote error={save.error} />
      <Button type="submit" kind="primary" busy={save.isPending} disabled={!name.trim()}>
        {t.common.save}
      </Button>
    </form>
  );
}
