// Where I am signed in, and ending it there.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { useState } from "react";
import { api, good, type Schemas } from "~/api/client";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Panel, Row, Rows } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage } from "~/ui/Sections";
import { toast } from "~/ui/toast";
import { programOf } from "./agent";

export default function Devices() {
  const t = useT();
  const cache = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["sessions"],
    queryFn: () => good(api.GET("/v4/sessions")),
    meta: { kept: false },
  });
  const sessions = data?.sessions ?? [];
  const others = sessions.filter(({ current }) => !current);
  const refresh = () => cache.invalidateQueries({ queryKey: ["sessions"] });
  const end = useMutation({
    mutationFn: (id: string) => good(api.DELETE("/v4/sessions/{id}", { params: { path: { id } } })),
    onSettled: refresh,
  });
  const row = (session: Schemas["ShownSession"]) => (
    <SessionRow
      key={session.session_id}
      session={session}
      ending={end.isPending && end.variables === session.session_id}
      onEnd={() => end.mutate(session.session_id)}
    />
  );
  return (
    <SectionPage title={t.profile.sections.devices} note={t.profile.devicesHint} width="text">
      <ProblemNote error={error ?? end.error} onRetry={error ? () => void refetch() : undefined} />
      {!data && !error && <Opening />}
      {data && (
        <>
          <Panel title={t.profile.thisDevice}>
            <Rows>{sessions.filter(({ current }) => current).map(row)}</Rows>
          </Panel>
          <Panel
            title={t.profile.otherDevices}
            hint={others.length === 0 ? t.profile.otherDevicesNone : undefined}
            action={
              others.length > 0 && (
                <Button kind="danger" onClick={() => setAsking(true)}>
                  {t.profile.endAll}
                </Button>
              )
            }
          >
            {others.length > 0 && <Rows>{others.map(row)}</Rows>}
          </Panel>
        </>
      )}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t.profile.endAllTitle}
        yes={t.profile.endAll}
        onYes={async () => {
          const { ended } = await good(api.DELETE("/v4/sessions"));
          toast(t.profile.ended(ended));
          await refresh();
        }}
      >
        <p>{t.profile.endAllHint}</p>
      </Confirm>
    </SectionPage>
  );
}

function SessionRow({
  session,
  ending,
  onEnd,
}: {
  session: Schemas["ShownSession"];
  ending: boolean;
  onEnd: () => void;
}) {
  const t = useT();
  const format = useFormat();
  const { program, system, phone } = programOf(session.agent);
  const began = t.profile.began[session.began_with as keyof typeof t.profile.began];
  return (
    <Row
      icon={phone ? <Smartphone size={18} /> : <Monitor size={18} />}
      title={
        <>
          {[program, system].filter(Boolean).join(", ") || t.profile.unknownDevice}
          {session.second_factor && <Badge tone="good">{t.profile.withFactor}</Badge>}
        </>
      }
      note={[
        session.current ? t.profile.now : t.profile.seen(format.relative(session.last_seen)),
        session.address,
        began,
      ]
        .filter(Boolean)
        .join(" · ")}
      action={
        !session.current && (
          <Button size="s" busy={ending} onClick={onEnd}>
            {t.profile.end}
          </Button>
        )
      }
    />
  );
}
