// What somebody may do, and what they may not although their rights would let them.

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useFormat, useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Panel } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { Switch } from "~/ui/Switch";
import type { MemberPart } from "./MemberPage";
import { type MemberChange, RESTRICTIONS } from "./member";
import css from "./members.module.css";
import { RightsSwitches } from "./RightsSwitches";
import { difference } from "./rights";

export function MemberRights({ member, editable, onChange, mine }: MemberPart & { mine: number }) {
  const t = useT();
  const format = useFormat();
  // What is turned and not saved yet, over what is.
  const [rights, setRights] = useState<number>();
  const [bounds, setBounds] = useState<MemberChange>({});
  const save = useMutation({
    mutationFn: () => onChange({ ...bounds, ...(rights !== undefined && { rights }) }),
    onSuccess: () => {
      setRights(undefined);
      setBounds({});
    },
  });
  const { given, taken } = difference(member.rights, rights ?? member.rights);
  const touched = given.length + taken.length + Object.keys(bounds).length > 0;
  const names = (list: typeof given) =>
    format.list(list.map((right) => t.administration.rights[right][0] ?? ""));
  return (
    <>
      <Panel title={t.administration.members.rights} hint={t.administration.members.rightsHint}>
        <RightsSwitches
          rights={rights ?? member.rights}
          onChange={setRights}
          mine={mine}
          disabled={!editable}
        />
      </Panel>
      <Panel title={t.administration.members.restrictions} hint={t.administration.members.restrictionsHint}>
        <div>
          {RESTRICTIONS.map((name) => (
            <Switch
              key={name}
              label={t.administration.members.restriction[name]}
              checked={bounds[name] ?? member[name] ?? false}
              disabled={!editable}
              onChange={(on) => {
                const { [name]: _, ...rest } = bounds;
                setBounds(on === (member[name] ?? false) ? rest : { ...rest, [name]: on });
              }}
            />
          ))}
        </div>
        {touched && (
          <div className={css.save} role="status">
            <span>
              {given.length > 0 && <span>{t.administration.members.given(names(given))} </span>}
              {taken.length > 0 && <span>{t.administration.members.taken(names(taken))} </span>}
            </span>
            <ProblemNote error={save.error} />
            <div className={css.buttons}>
              <Button kind="primary" busy={save.isPending} onClick={() => save.mutate()}>
                {t.common.save}
              </Button>
              <Button
                onClick={() => {
                  setRights(undefined);
                  setBounds({});
                  save.reset();
                }}
              >
                {t.common.cancel}
              </Button>
            </div>
          </div>
        )}
      </Panel>
    </>
  );
}
