// Days away, and who receives the inbox meanwhile: one's own, or of somebody whom one manages.

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "~/api/client";
import { useFormat, useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import { useDirectory } from "~/store/directory";
import { Button } from "~/ui/Button";
import { DateField } from "~/ui/DateField";
import { PersonPicker } from "~/ui/PersonPicker";
import { ProblemNote } from "~/ui/ProblemNote";
import css from "./profile.module.css";

type Absence = Schemas["ShownAbsence"];

interface Props {
  /** Who is away. */
  person: number;
  absence: Absence | null | undefined;
  onSet: (absence: Schemas["WriteAbsence"]) => Promise<unknown>;
  onClear: () => Promise<unknown>;
}

export function AbsenceForm({ person, absence, onSet, onClear }: Props) {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const [editing, setEditing] = useState<Absence>();
  const set = useMutation({
    mutationFn: (next: Absence) => onSet(next),
    onSuccess: () => setEditing(undefined),
  });
  const clear = useMutation({ mutationFn: onClear });
  const today = dayOf(new Date());
  if (!editing) {
    const deputy = absence?.deputy_id ? directory.get(absence.deputy_id) : undefined;
    return (
      <div className={css.form}>
        {absence && (
          <p>
            {t.profile.awayFrom(format.day(absence.from), format.day(absence.until))}{" "}
            {deputy ? t.profile.awayDeputy(format.person(deputy)) : t.profile.awayNobody}
          </p>
        )}
        <ProblemNote error={clear.error} />
        <div className={css.buttons}>
          <Button
            kind={absence ? "plain" : "primary"}
            onClick={() => setEditing(absence ?? { from: today, until: today })}
          >
            {absence ? t.common.edit : t.profile.awaySet}
          </Button>
          {absence && (
            <Button busy={clear.isPending} onClick={() => clear.mutate()}>
              {absence.from > today ? t.profile.awayStay : t.profile.awayBack}
            </Button>
          )}
        </div>
      </div>
    );
  }
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        set.mutate(editing);
      }}
    >
      <div className={css.two}>
        <DateField
          label={t.profile.awayFirst}
          required
          autoFocus
          value={editing.from}
          onChange={(from = today) => {
            const ended = editing.until < from;
            setEditing({ ...editing, from, until: ended ? from : editing.until });
          }}
        />
        <DateField
          label={t.profile.awayLast}
          required
          min={editing.from}
          value={editing.until}
          onChange={(until = editing.from) => setEditing({ ...editing, until })}
        />
      </div>
      <PersonPicker
        label={t.profile.deputy}
        roles={false}
        without={[person]}
        value={editing.deputy_id ? [editing.deputy_id] : []}
        onChange={([deputy]) => setEditing({ ...editing, deputy_id: deputy })}
      />
      <p className={css.soft}>{t.profile.deputyHint}</p>
      <ProblemNote error={set.error} />
      <div className={css.buttons}>
        <Button type="submit" kind="primary" busy={set.isPending}>
          {t.common.save}
        </Button>
        <Button onClick={() => setEditing(undefined)}>{t.common.cancel}</Button>
      </div>
    </form>
  );
}
