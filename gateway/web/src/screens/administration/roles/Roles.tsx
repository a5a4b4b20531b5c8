// The roles of the organisation: who is in them, and what becomes of their tasks when they go.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, Pencil, Plus, Search, Trash2, Users } from "lucide-react";
import { useState } from "react";
import { api, good, type Schemas } from "~/api/client";
import { useActions } from "~/app/actions";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { contactsQuery, useDirectory } from "~/store/directory";
import { Badge } from "~/ui/Badge";
import { Button, IconButton } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Empty } from "~/ui/Empty";
import { TextField } from "~/ui/Field";
import { Menu } from "~/ui/Menu";
import { useNarrow } from "~/ui/narrow";
import { Row, Rows } from "~/ui/Panel";
import { PersonPicker } from "~/ui/PersonPicker";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage } from "~/ui/Sections";
import { RoleDialog } from "./RoleDialog";

export type Role = Schemas["ShownRole"];

/** Names in a row; of the rest only the number. */
const NAMES_MAX = 6;

export default function Roles() {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const cache = useQueryClient();
  const narrow = useNarrow();
  const [text, setText] = useState("");
  const [open, setOpen] = useState<Role | "new">();
  const [removing, setRemoving] = useState<Role>();
  const [receiver, setReceiver] = useState<number>();
  const { data, error, refetch } = useQuery({
    queryKey: ["roles"],
    queryFn: () => good(api.GET("/v4/roles")),
  });
  useActions([
    { id: "administration.add_role", label: t.organisation.roles.add, keys: "n", run: () => setOpen("new") },
  ]);
  const nameOf = (id: number) => format.person(directory.get(id)) || String(id);
  const all = data?.roles ?? [];
  const wanted = text.trim().toLocaleLowerCase();
  const roles = all
    .filter(
      (role) =>
        role.name.toLocaleLowerCase().includes(wanted) ||
        role.member_ids?.some((id) => nameOf(id).toLocaleLowerCase().includes(wanted)),
    )
    .sort((left, right) => left.name.localeCompare(right.name));
  const refresh = async () => {
    await cache.invalidateQueries({ queryKey: ["roles"] });
    void cache.invalidateQueries({ queryKey: contactsQuery.queryKey });
  };
  const told = (role: Role) => {
    const members = role.member_ids ?? [];
    if (members.length === 0) return t.organisation.roles.nobody;
    const names = members.slice(0, NAMES_MAX).map(nameOf);
    const rest = members.length - names.length;
    return format.list(rest > 0 ? [...names, t.common.people(rest)] : names);
  };
  return (
    <SectionPage
      title={t.administration.sections.roles}
      note={t.organisation.roles.hint}
      width="text"
      actions={
        <Button kind="primary" icon={<Plus size={16} />} onClick={() => setOpen("new")}>
          {t.organisation.roles.add}
        </Button>
      }
      bar={
        all.length > 8 && (
          <TextField
            bare
            type="search"
            label={t.common.search}
            placeholder={t.organisation.roles.find}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )
      }
    >
      <ProblemNote error={error} onRetry={() => void refetch()} />
      {!data && !error && <Opening />}
      {data && all.length === 0 && (
        <Empty icon={<Users size={24} />} title={t.organisation.roles.none}>
          {t.organisation.roles.noneHint}
        </Empty>
      )}
      {all.length > 0 && roles.length === 0 && (
        <Empty icon={<Search size={24} />} title={t.common.nobodyFound} />
      )}
      {roles.length > 0 && (
        <Rows label={t.administration.sections.roles}>
          {roles.map((role) => (
            <Row
              key={role.id}
              icon={<Users size={18} />}
              title={
                <>
                  {role.name}
                  {role.banned && <Badge tone="bad">{t.organisation.roles.blocked}</Badge>}
                </>
              }
              note={told(role)}
              action={
                <>
                  {!narrow && (
                    <Button size="s" onClick={() => setOpen(role)}>
                      {t.common.edit}
                    </Button>
                  )}
                  <Menu
                    button={
                      <IconButton label={`${t.common.more}: ${role.name}`}>
                        <Ellipsis size={18} />
                      </IconButton>
                    }
                    choices={[
                      { label: t.common.edit, icon: <Pencil size={15} />, onChoose: () => setOpen(role) },
                      {
                        label: t.organisation.roles.remove,
                        icon: <Trash2 size={15} />,
                        danger: true,
                        onChoose: () => {
                          setReceiver(undefined);
                          setRemoving(role);
                        },
                      },
                    ]}
                  />
                </>
              }
            />
          ))}
        </Rows>
      )}
      <RoleDialog role={open} onClose={() => setOpen(undefined)} onDone={refresh} />
      <Confirm
        open={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={t.organisation.roles.removeOne(removing?.name ?? "")}
        yes={t.organisation.roles.remove}
        onYes={async () => {
          const params = { path: { id: removing?.id ?? 0 } };
          await good(api.DELETE("/v4/roles/{id}", { params, body: { task_receiver_id: receiver } }));
          await refresh();
        }}
      >
        <p>{t.organisation.roles.removeHint}</p>
        <PersonPicker
          label={t.organisation.roles.receiver}
          without={removing ? [removing.id] : []}
          value={receiver === undefined ? [] : [receiver]}
          onChange={([next]) => setReceiver(next)}
        />
      </Confirm>
    </SectionPage>
  );
}
