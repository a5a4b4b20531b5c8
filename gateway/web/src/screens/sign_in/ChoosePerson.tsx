// One account, several persons, one in each organisation: as whom to go on.

import { useEffect, useRef, useState } from "react";
import type { Schemas } from "~/api/client";
import { useFormat, useT } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import { Button } from "~/ui/Button";
import { ProblemNote } from "~/ui/ProblemNote";
import { Spinner } from "~/ui/Spinner";
import css from "./SignIn.module.css";

interface Props {
  persons: readonly Schemas["Choice"][];
  onChoose: (person: number) => Promise<void>;
  onBack?: () => void;
}

export function ChoosePerson({ persons, onChoose, onBack }: Props) {
  const t = useT();
  const format = useFormat();
  const [chosen, setChosen] = useState<number>();
  const [problem, setProblem] = useState<unknown>();
  const list = useRef<HTMLUListElement>(null);
  // What was typed into is gone: the keys go on here.
  useEffect(() => list.current?.querySelector("button")?.focus(), []);
  return (
    <div className={css.form}>
      <ul className={css.persons} ref={list}>
        {persons.map((person) => (
          <li key={person.person_id}>
            <button
              type="button"
              className={css.person}
              disabled={chosen !== undefined}
              onClick={() => {
                setChosen(person.person_id);
                setProblem(undefined);
                onChoose(person.person_id)
                  .catch(setProblem)
                  .finally(() => setChosen(undefined));
              }}
            >
              <Avatar person={{ ...person, id: person.person_id, type: "user" }} size={32} />
              <span>
                <b>{person.organization}</b>
                <small>{format.person(person)}</small>
              </span>
              {chosen === person.person_id && <Spinner />}
            </button>
          </li>
        ))}
      </ul>
      <ProblemNote error={problem} />
      {onBack && (
        <Button kind="quiet" onClick={onBack}>
          {t.common.back}
        </Button>
      )}
    </div>
  );
}
