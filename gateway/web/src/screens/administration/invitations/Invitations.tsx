// Who is invited and has not come yet.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Mail, UserPlus } from "lucide-react";
import { useState } from "react";
import { api, good, type Schemas } from "~/api/client";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { Avatar } from "~/ui/Avatar";
import { Button } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Dialog } from "~/ui/Dialog";
import { Empty } from "~/ui/Empty";
import { Row, Rows } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { Secret } from "~/ui/Secret";
import { SectionPage } from "~/ui/Sections";
import { toast } from "~/ui/toast";
import { AddMember } from "../members/AddMember";

export default function Invitations() {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const cache = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<Schemas["Invitation"]>();
  const { data, error, refetch } = useQuery({
    queryKey: ["invitations"],
    queryFn: () => good(api.GET("/v4/invitations")),
    meta: { kept: false },
  });
  const refresh = () => cache.invalidateQueries({ queryKey: ["invitations"] });
  const again = useMutation({
    mutationFn: (id: number) => good(api.POST("/v4/invitations/{id}", { params: { path: { id } } })),
    onSuccess: () => void refresh(),
  });
  const invitations = data?.invitations ?? [];
  const nameOf = ({ person_id, email }: Schemas["Invitation"]) => {
    const person = directory.get(person_id);
    return person ? format.person(person) : email;
  };
  return (
    <SectionPage
      title={t.administration.sections.invitations}
      note={t.organisation.invitations.hint}
      width="text"
      actions={
        <Button kind="primary" icon={<UserPlus size={16} />} onClick={() => setAdding(true)}>
          {t.administration.members.invite}
        </Button>
      }
    >
      <ProblemNote error={error ?? again.error} onRetry={error ? () => void refetch() : undefined} />
      {!data && !error && <Opening />}
      {data && invitations.length === 0 && (
        <Empty icon={<Mail size={24} />} title={t.organisation.invitations.none}>
          {t.organisation.invitations.noneHint}
        </Empty>
      )}
      {invitations.length > 0 && (
        <Rows label={t.administration.sections.invitations}>
          {invitations.map((invitation) => (
            <Row
              key={invitation.person_id}
              icon={
                <Avatar
                  person={{ id: invitation.person_id, first_name: nameOf(invitation), type: "user" }}
                  size={32}
                />
              }
              title={nameOf(invitation)}
              note={[
                invitation.email,
                t.organisation.invitations.expires(format.day(invitation.expires.slice(0, 10))),
              ].join(" · ")}
              action={
                <>
                  <Button
                    size="s"
                    busy={again.isPending && again.variables === invitation.person_id}
                    onClick={() => again.mutate(invitation.person_id)}
                  >
                    {t.organisation.invitations.again}
                  </Button>
                  <Button size="s" kind="quiet" onClick={() => setRevoking(invitation)}>
                    {t.organisation.invitations.revoke}
                  </Button>
                </>
              }
            />
          ))}
        </Rows>
      )}
      <AddMember open={adding} onClose={() => setAdding(false)} />
      <Dialog
        open={again.data?.link != null}
        title={t.organisation.invitations.again}
        onClose={() => again.reset()}
        foot={
          <Button kind="primary" onClick={() => again.reset()}>
            {t.common.done}
          </Button>
        }
      >
        <p>{t.administration.members.invitedHint}</p>
        <p>{t.organisation.invitations.againHint}</p>
        {again.data?.link && <Secret text={again.data.link} label={t.administration.members.link} />}
      </Dialog>
      <Confirm
        open={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title={t.organisation.invitations.revokeOne(revoking ? nameOf(revoking) : "")}
        yes={t.organisation.invitations.revoke}
        onYes={async () => {
          const params = { path: { id: revoking?.person_id ?? 0 } };
          await good(api.DELETE("/v4/invitations/{id}", { params }));
          toast(t.organisation.invitations.revoked);
          await refresh();
        }}
      >
        <p>{t.organisation.invitations.revokeHint}</p>
      </Confirm>
    </SectionPage>
  );
}
