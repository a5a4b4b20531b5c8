// Roles and who is in them: what a form asks of a role, any of these may answer.

import { Users } from "lucide-react";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { Avatar } from "~/ui/Avatar";
import { Empty } from "~/ui/Empty";
import { ProblemNote } from "~/ui/ProblemNote";
import { nameOf } from "./chart";
import { Finder } from "./Finder";
import css from "./People.module.css";
import { useRoles } from "./usePeople";

export function Roles({ chosen }: { chosen: number | undefined }) {
  const t = useT();
  const format = useFormat();
  const { roles, known, error } = useRoles();
  const directory = useDirectory();
  const [text, setText] = useState("");
  const asked = useDeferredValue(text).trim().toLocaleLowerCase();
  const here = useRef<HTMLElement>(null);
  useEffect(() => {
    if (known && chosen) here.current?.scrollIntoView({ block: "center" });
  }, [known, chosen]);
  const found = roles
    .map((role) => ({
      role,
      members: (role.member_ids ?? []).map((id) => directory.get(id) ?? { id, type: "user" }),
    }))
    .filter(({ role, members }) =>
      [role.name, ...members.map(nameOf)].some((name) => name.toLocaleLowerCase().includes(asked)),
    )
    .sort((left, right) => left.role.name.localeCompare(right.role.name));
  return (
    <>
      <Finder
        label={t.people.findRole}
        hint={t.people.findRole}
        value={text}
        onChange={setText}
        count={t.people.roles(found.length)}
      />
      <div className={css.scroll}>
        {error && !known ? <ProblemNote error={error} /> : null}
        {!known && !error ? <Opening /> : null}
        {known && roles.length === 0 && (
          <Empty icon={<Users size={24} />} title={t.people.noRoles}>
            {t.people.noRolesHint}
          </Empty>
        )}
        {found.map(({ role, members }) => (
          <section
            key={role.id}
            ref={role.id === chosen ? here : undefined}
            className={`${css.role} ${role.id === chosen ? css.here : ""}`}
          >
            <h2>
              {role.name || `№ ${role.id}`}{" "}
              <small className={css.members}>{t.common.people(members.length)}</small>
            </h2>
            <ul className={css.staff}>
              {members.map((person) => (
                <li key={person.id}>
                  <Link href={`/people/${person.id}`} className={css.staffed}>
                    <Avatar person={person} size={24} />
                    <span>{nameOf(person) ? format.person(person) : `№ ${person.id}`}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}
