// One member: who they are, what they may do, how they sign in. As they are, or as they were.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, Ellipsis, RotateCcw, UserMinus } from "lucide-react";
import { useState } from "react";
import { useSearch } from "wouter";
import { useSession } from "~/app/context";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { contactsQuery } from "~/store/directory";
import { may, useRights } from "~/store/rights";
import { Avatar } from "~/ui/Avatar";
import { Badge } from "~/ui/Badge";
import { IconButton } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Menu } from "~/ui/Menu";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage } from "~/ui/Sections";
import { toast } from "~/ui/toast";
import { Dismiss } from "./Dismiss";
import { standingOf } from "./filter";
import { MemberAbsence } from "./MemberAbsence";
import { MemberAwards } from "./MemberAwards";
import { MemberDetails } from "./MemberDetails";
import { MemberRights } from "./MemberRights";
import { MemberSignIn } from "./MemberSignIn";
import { asOfOf, changeMember, changeMembers, type Member, type MemberChange, memberQuery } from "./member";
import css from "./members.module.css";
import { NEWCOMER } from "./rights";

export interface MemberPart {
  member: Member;
  /** Whether the asker may change them, and now is what is shown. */
  editable: boolean;
  onChange: (change: MemberChange) => Promise<unknown>;
}

export function MemberPage({ id }: { id: number }) {
  const t = useT();
  const format = useFormat();
  const { me } = useSession();
  const mine = useRights();
  const cache = useQueryClient();
  const day = new URLSearchParams(useSearch()).get("as_of") ?? undefined;
  const asOf = asOfOf(day);
  const { data: member, error, refetch } = useQuery(memberQuery(id, asOf));
  const [asking, setAsking] = useState<"block" | "dismiss">();
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: ["members"] });
    void cache.invalidateQueries({ queryKey: contactsQuery.queryKey });
    return cache.invalidateQueries({ queryKey: ["member", id] });
  };
  const onChange = async (change: MemberChange) => {
    const next = await changeMember(id, change);
    // What one member alone shows (awards) is not in the answer of a change.
    cache.setQueryData(["member", id], (before: Member | undefined) => ({ ...next, awards: before?.awards }));
    toast(t.profile.saved);
    void refresh();
  };
  const restore = useMutation({ mutationFn: () => onChange({ banned: false }) });
  const base = "/administration/members";
  if (!member) {
    return (
      <SectionPage title={t.administration.sections.members} back={base}>
        {error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Opening />}
      </SectionPage>
    );
  }
  const standing = standingOf(member);
  const name = format.person(member);
  const managed =
    may(mine, member.type === "bot" ? "manageIntegrations" : "managePersons") &&
    id !== me.person &&
    (member.rights & ~mine & ~NEWCOMER) === 0;
  const editable = !asOf && managed && standing !== "dismissed";
  const part: MemberPart = { member, editable, onChange };
  return (
    <SectionPage
      title={name}
      back={base}
      width="text"
      actions={
        editable && (
          <Menu
            label={t.common.more}
            button={
              <IconButton label={t.common.more}>
                <Ellipsis size={18} />
              </IconButton>
            }
            choices={[
              standing === "blocked"
                ? {
                    label: t.administration.members.bulk.restore,
                    icon: <RotateCcw size={15} />,
                    onChoose: () => restore.mutate(),
                  }
                : {
                    label: t.administration.members.bulk.block,
                    icon: <Ban size={15} />,
                    onChoose: () => setAsking("block"),
                  },
              null,
              {
                label: t.administration.members.bulk.dismiss,
                icon: <UserMinus size={15} />,
                danger: true,
                onChoose: () => setAsking("dismiss"),
              },
            ]}
          />
        )
      }
    >
      {asOf && (
        <p className={css.past} role="status">
          {t.administration.members.pastOne(format.dayName(day ?? ""))}
        </p>
      )}
      {!managed && (
        <p className={css.aside}>
          {id === me.person ? t.administration.members.oneself : t.administration.members.above}
        </p>
      )}
      <ProblemNote error={restore.error} />
      <div className={css.head}>
        <Avatar person={member} size={72} />
        <div>
          <p className={css.soft}>
            {[member.position, member.department_name].filter(Boolean).join(" · ") || member.email}
          </p>
          <div className={css.badges}>
            {standing !== "active" && <Badge tone="bad">{t.administration.members.standing[standing]}</Badge>}
            {member.is_guest && <Badge tone="violet">{t.administration.members.guest}</Badge>}
            {member.type === "bot" && <Badge>{t.administration.members.bot}</Badge>}
            {member.absence && (
              <Badge tone="warn">
                {t.administration.members.away(
                  format.day(member.absence.from),
                  format.day(member.absence.until),
                )}
              </Badge>
            )}
          </div>
          {member.task_receiver && (
            <p className={css.soft}>
              {t.administration.members.received(format.person(member.task_receiver))}
            </p>
          )}
        </div>
      </div>
      <MemberDetails {...part} />
      {!member.is_guest && <MemberRights {...part} mine={mine} />}
      {member.type !== "bot" && <MemberSignIn {...part} onKey={refresh} />}
      {member.type !== "bot" && <MemberAbsence {...part} onDone={refresh} />}
      {!asOf && <MemberAwards member={member} />}
      <Confirm
        open={asking === "block"}
        onClose={() => setAsking(undefined)}
        title={t.administration.members.blockOne(name)}
        yes={t.administration.members.bulk.block}
        onYes={async () => {
          await changeMembers({ BanMembers: [id] });
          await refresh();
        }}
      >
        <p>{t.administration.members.blockHint}</p>
      </Confirm>
      <Dismiss
        open={asking === "dismiss"}
        onClose={() => setAsking(undefined)}
        title={t.administration.members.dismissOne(name)}
        leaving={[id]}
        onDismiss={async (receiver) => {
          await changeMembers({ FireMembers: [{ id, task_receiver_id: receiver }] });
          await refresh();
        }}
      />
    </SectionPage>
  );
}
