// When somebody is away, set by who manages them.

import { api, good } from "~/api/client";
import { useT } from "~/i18n";
import { AbsenceForm } from "~/screens/profile/AbsenceForm";
import { Panel } from "~/ui/Panel";
import { toast } from "~/ui/toast";
import type { MemberPart } from "./MemberPage";

export function MemberAbsence({ member, editable, onDone }: MemberPart & { onDone: () => Promise<unknown> }) {
  const t = useT();
  if (!editable) return null;
  const params = { path: { id: member.id } };
  const done = () => {
    toast(t.profile.saved);
    return onDone();
  };
  return (
    <Panel title={t.profile.sections.absence} hint={t.administration.members.absenceHint}>
      <AbsenceForm
        person={member.id}
        absence={member.absence}
        onSet={async (absence) => {
          await good(api.PUT("/v4/members/{id}/absence", { params, body: absence }));
          await done();
        }}
        onClear={async () => {
          await good(api.DELETE("/v4/members/{id}/absence", { params }));
          await done();
        }}
      />
    </Panel>
  );
}
