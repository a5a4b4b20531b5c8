// The awards that somebody holds, and their counters, for who manages awards.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Award, Plus } from "lucide-react";
import { useState } from "react";
import { api, good } from "~/api/client";
import { useFormat, useT } from "~/i18n";
import { useRights } from "~/store/rights";
import { Button } from "~/ui/Button";
import { Select } from "~/ui/Field";
import { Panel, Row, Rows } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import { awardsQuery, managesAwards } from "../awards/awards";
import type { Member } from "./member";
import css from "./members.module.css";

export function MemberAwards({ member }: { member: Member }) {
  const t = useT();
  const format = useFormat();
  const manages = managesAwards(useRights());
  const cache = useQueryClient();
  const [award, setAward] = useState(0);
  const { data: awards } = useQuery({ ...awardsQuery, enabled: manages });
  const count = useMutation({
    mutationFn: (id: number) =>
      good(
        api.POST("/v4/members/{member_id}/awards/{award_id}/counter/increment", {
          params: { path: { member_id: member.id, award_id: id } },
        }),
      ),
    onSuccess: ({ award_counter }) => {
      toast(t.organisation.awards.counted(award_counter));
      void cache.invalidateQueries({ queryKey: ["member", member.id] });
    },
  });
  const held = member.awards ?? [];
  if (held.length === 0 && !(manages && awards && awards.length > 0)) return null;
  return (
    <Panel
      title={t.administration.sections.awards}
      hint={manages ? t.organisation.awards.countHint : undefined}
    >
      {held.length > 0 && (
        <Rows>
          {held.map((one) => (
            <Row
              key={one.award_id}
              icon={<Award size={18} />}
              title={one.name}
              note={t.organisation.awards.since(format.relative(one.assignment_date))}
            />
          ))}
        </Rows>
      )}
      {manages && awards && awards.length > 0 && (
        <div className={css.buttons}>
          <Select
            bare
            label={t.organisation.awards.one}
            value={award}
            onChange={({ target }) => setAward(Number(target.value))}
          >
            <option value={0}>{t.organisation.awards.choose}</option>
            {awards.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
          <Button
            icon={<Plus size={15} />}
            busy={count.isPending}
            disabled={award === 0}
            onClick={() => count.mutate(award)}
          >
            {t.organisation.awards.count}
          </Button>
        </div>
      )}
      <ProblemNote error={count.error} />
    </Panel>
  );
}
