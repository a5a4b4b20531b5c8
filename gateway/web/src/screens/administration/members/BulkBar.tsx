// What is done to all who are chosen.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useFormat, useT } from "~/i18n";
import { contactsQuery } from "~/store/directory";
import type { Right } from "~/store/rights";
import { useRights } from "~/store/rights";
import { Button } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Select, TextField } from "~/ui/Field";
import { ProblemNote } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import { Dismiss } from "./Dismiss";
import { changeMembers, departmentsQuery, type Member, type MemberChange } from "./member";
import css from "./members.module.css";
import { GROUPS, mayGive, withRight } from "./rights";

type What = "department" | "position" | "give" | "take" | "block" | "restore" | "dismiss";

export function BulkBar({ members, onDone }: { members: readonly Member[]; onDone: () => void }) {
  const t = useT();
  const format = useFormat();
  const mine = useRights();
  const cache = useQueryClient();
  const { data: departments } = useQuery(departmentsQuery);
  const [what, setWhat] = useState<What>();
  const [text, setText] = useState("");
  const ids = members.map(({ id }) => id);
  const run = useMutation({
    mutationFn: changeMembers,
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: ["members"] });
      void cache.invalidateQueries({ queryKey: ["member"] });
      void cache.invalidateQueries({ queryKey: contactsQuery.queryKey });
    },
    onSuccess: () => {
      toast(t.administration.members.changed(members.length));
      onDone();
    },
  });
  const change = (of: (member: Member) => MemberChange) =>
    run.mutateAsync({ ChangeMembers: members.map((member) => ({ id: member.id, ...of(member) })) });
  const open = (next: What) => {
    setText("");
    run.reset();
    setWhat(next);
  };
  const close = () => setWhat(undefined);
  const names = format.list(members.slice(0, 5).map(format.person));
  const title = (name: What) => t.administration.members.bulk[name];
  const blocked = members.some(({ banned, fired }) => banned && !fired);
  return (
    <section className={css.bulk} aria-label={t.administration.members.chosen(members.length)}>
      <span>{t.administration.members.chosen(members.length)}</span>
      <Button size="s" onClick={() => open("department")}>
        {title("department")}
      </Button>
      <Button size="s" onClick={() => open("position")}>
        {title("position")}
      </Button>
      <Button size="s" onClick={() => open("give")}>
        {title("give")}
      </Button>
      <Button size="s" onClick={() => open("take")}>
        {title("take")}
      </Button>
      <Button size="s" onClick={() => open(blocked ? "restore" : "block")}>
        {title(blocked ? "restore" : "block")}
      </Button>
      <Button size="s" kind="danger" onClick={() => open("dismiss")}>
        {title("dismiss")}
      </Button>
      <Button size="s" kind="quiet" onClick={onDone}>
        {t.common.cancel}
      </Button>
      {run.error && what === undefined && <ProblemNote error={run.error} />}

      <Confirm
        open={what === "department"}
        onClose={close}
        title={title("department")}
        yes={t.common.save}
        danger={false}
        onYes={() => change(() => (text ? { department_id: Number(text) } : { drop_department: true }))}
      >
        <p className={css.soft}>{names}</p>
        <Select label={t.profile.department} value={text} onChange={({ target }) => setText(target.value)}>
          <option value="">{t.administration.members.noDepartment}</option>
          {(departments?.departments ?? []).map(({ id, department_name: name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Confirm>
      <Confirm
        open={what === "position"}
        onClose={close}
        title={title("position")}
        yes={t.common.save}
        danger={false}
        onYes={() => change(() => ({ position: text.trim() }))}
      >
        <p className={css.soft}>{names}</p>
        <TextField label={t.profile.position} value={text} onChange={({ target }) => setText(target.value)} />
      </Confirm>
      <Confirm
        open={what === "give" || what === "take"}
        onClose={close}
        title={title(what === "take" ? "take" : "give")}
        yes={title(what === "take" ? "take" : "give")}
        danger={what === "take"}
        disabled={!text}
        onYes={() => change(({ rights }) => ({ rights: withRight(rights, text as Right, what === "give") }))}
      >
        <p className={css.soft}>{names}</p>
        <Select
          label={t.administration.members.right}
          // What is typed in one of the questions is no right in the others, which are only hidden.
          hint={t.administration.rights[text as Right]?.[1]}
          value={text}
          onChange={({ target }) => setText(target.value)}
        >
          <option value="">{t.administration.members.chooseRight}</option>
          {Object.values(GROUPS)
            .flat()
            .filter((right) => mayGive(mine, right))
            .map((right) => (
              <option key={right} value={right}>
                {t.administration.rights[right][0]}
              </option>
            ))}
        </Select>
      </Confirm>
      <Confirm
        open={what === "block" || what === "restore"}
        onClose={close}
        title={title(what === "restore" ? "restore" : "block")}
        yes={title(what === "restore" ? "restore" : "block")}
        danger={what === "block"}
        onYes={() =>
          what === "restore" ? change(() => ({ banned: false })) : run.mutateAsync({ BanMembers: ids })
        }
      >
        <p className={css.soft}>{names}</p>
        {what === "block" && <p>{t.administration.members.blockHint}</p>}
      </Confirm>
      <Dismiss
        open={what === "dismiss"}
        onClose={close}
        title={t.administration.members.dismissMany(members.length)}
        leaving={ids}
        onDismiss={(receiver) =>
          run.mutateAsync({ FireMembers: ids.map((id) => ({ id, task_receiver_id: receiver })) })
        }
      />
    </section>
  );
}
