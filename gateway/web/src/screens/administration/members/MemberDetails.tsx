// Who somebody is.

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useT } from "~/i18n";
import { zones } from "~/screens/profile/zones";
import { Button } from "~/ui/Button";
import { Facts } from "~/ui/Facts";
import { Select, TextField } from "~/ui/Field";
import { Panel } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import type { MemberPart } from "./MemberPage";
import { departmentsQuery, type Member, type MemberChange } from "./member";
import css from "./members.module.css";

const TEXTS = [
  "first_name",
  "last_name",
  "email",
  "position",
  "phone",
  "mobile_phone",
  "location",
  "status",
  "personnel_number",
  "external_id",
] as const;

type Typed = Record<(typeof TEXTS)[number] | "time_zone", string> & { department: number };

export function MemberDetails({ member, editable, onChange }: MemberPart) {
  const t = useT();
  const [typed, setTyped] = useState<Typed>();
  const { data: departments } = useQuery(departmentsQuery);
  const save = useMutation({
    mutationFn: (next: Typed) => onChange(changeOf(member, next)),
    onSuccess: () => setTyped(undefined),
  });
  const labels = {
    ...t.profile.own,
    ...t.administration.members.own,
    email: t.profile.email,
    position: t.profile.position,
  };
  if (!typed) {
    return (
      <Panel
        title={t.profile.details}
        action={editable && <Button onClick={() => setTyped(typedOf(member))}>{t.common.edit}</Button>}
      >
        <Facts
          facts={[
            ...TEXTS.filter((name) => name !== "first_name" && name !== "last_name").map(
              (name) => [labels[name], member[name]] as const,
            ),
            [t.profile.department, member.department_name],
            [labels.time_zone, member.time_zone?.replaceAll("_", " ")],
            [t.administration.members.number, String(member.id)],
          ]}
        />
      </Panel>
    );
  }
  return (
    <Panel title={t.profile.details}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(typed);
        }}
      >
        <div className={css.two}>
          {TEXTS.map((name) => (
            <TextField
              key={name}
              label={labels[name]}
              type={name === "email" ? "email" : "text"}
              autoFocus={name === "first_name"}
              value={typed[name]}
              onChange={({ target }) => setTyped({ ...typed, [name]: target.value })}
            />
          ))}
          <Select
            label={t.profile.department}
            value={typed.department}
            onChange={({ target }) => setTyped({ ...typed, department: Number(target.value) })}
          >
            <option value={0}>{t.administration.members.noDepartment}</option>
            {(departments?.departments ?? []).map(({ id, department_name: name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
          <Select
            label={labels.time_zone}
            value={typed.time_zone}
            onChange={({ target }) => setTyped({ ...typed, time_zone: target.value })}
          >
            <option value="">{t.profile.zoneOfOrganisation}</option>
            {zones(typed.time_zone).map((zone) => (
              <option key={zone} value={zone}>
                {zone.replaceAll("_", " ")}
              </option>
            ))}
          </Select>
        </div>
        <ProblemNote error={save.error} />
        <div className={css.buttons}>
          <Button type="submit" kind="primary" busy={save.isPending}>
            {t.common.save}
          </Button>
          <Button onClick={() => setTyped(undefined)}>{t.common.cancel}</Button>
        </div>
      </form>
    </Panel>
  );
}

function typedOf(member: Member): Typed {
  const texts = Object.fromEntries(
    [...TEXTS, "time_zone" as const].map((name) => [name, member[name] ?? ""]),
  );
  return { ...(texts as Omit<Typed, "department">), department: member.department_id ?? 0 };
}

/** What differs; an empty text clears. */
function changeOf(member: Member, typed: Typed): MemberChange {
  const before = typedOf(member);
  const change: MemberChange = {};
  for (const name of [...TEXTS, "time_zone"] as const)
    if (typed[name] !== before[name]) change[name] = typed[name];
  if (typed.department !== before.department) {
    if (typed.department === 0) change.drop_department = true;
    else change.department_id = typed.department;
  }
  return change;
}
