// Persons and roles chosen by typing the beginning of a name.

import { useDeferredValue, useState } from "react";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { Avatar } from "./Avatar";
import type { Labelled } from "./Field";
import { type Option, Picker } from "./Picker";

interface Props extends Labelled {
  value: readonly number[];
  onChange: (ids: number[]) => void;
  /** More than one. */
  multiple?: boolean;
  /** Roles may be chosen as well. */
  roles?: boolean;
  people?: boolean;
  /** Who cannot be chosen. */
  without?: readonly number[];
  placeholder?: string;
  disabled?: boolean;
  autoFocus?: boolean;
}

export function PersonPicker({ value, roles = true, people = true, without = [], ...rest }: Props) {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const [text, setText] = useState("");
  const asked = useDeferredValue(text);
  const found = directory
    .search(asked, { roles, people })
    .filter((person) => !value.includes(person.id) && !without.includes(person.id));
  const option = (person: (typeof found)[number]): Option => ({
    id: person.id,
    name: format.person(person),
    note: [person.position, person.department_name].filter(Boolean).join(" · ") || undefined,
    face: (size) => <Avatar person={person} size={size} />,
  });
  return (
    <Picker
      {...rest}
      text={text}
      onText={setText}
      chosen={value.map((id) => option(directory.get(id) ?? { id, first_name: `№ ${id}`, type: "user" }))}
      found={found.map(option)}
      none={t.common.nobodyFound}
    />
  );
}
