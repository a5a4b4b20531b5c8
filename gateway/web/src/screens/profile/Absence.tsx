// When I am away.

import { useQueryClient } from "@tanstack/react-query";
import { api, good } from "~/api/client";
import { useSession } from "~/app/context";
import { Opening } from "~/app/Opening";
import { useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import { myselfKey, useMyself } from "~/store/rights";
import { Panel } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage } from "~/ui/Sections";
import { toast } from "~/ui/toast";
import { AbsenceForm } from "./AbsenceForm";

export default function Absence() {
  const t = useT();
  const { me } = useSession();
  const cache = useQueryClient();
  const { data: myself, error, refetch } = useMyself();
  const changed = (text: string) => {
    toast(text);
    return cache.invalidateQueries({ queryKey: myselfKey(me.person) });
  };
  const title = !myself?.absence
    ? t.profile.awayNone
    : myself.absence.from > dayOf(new Date())
      ? t.profile.awayPlanned
      : t.profile.awayTitle;
  return (
    <SectionPage title={t.profile.sections.absence} width="text">
      {!myself && (error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Opening />)}
      {myself && (
        <Panel title={title} hint={t.profile.awayHint}>
          <AbsenceForm
            person={me.person}
            absence={myself.absence}
            onSet={async (absence) => {
              await good(api.PUT("/v4/profile/absence", { body: absence }));
              await changed(t.profile.saved);
            }}
            onClear={async () => {
              await good(api.DELETE("/v4/profile/absence"));
              await changed(t.profile.awayCleared);
            }}
          />
        </Panel>
      )}
    </SectionPage>
  );
}
