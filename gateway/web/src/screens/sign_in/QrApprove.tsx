// On the phone that is signed in: another device asks to be let in as this person. Whoever does not know that device says no.

import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX, MonitorSmartphone } from "lucide-react";
import { Link } from "wouter";
import { api, good } from "~/api/client";
import { Problem } from "~/api/problem";
import { useSession } from "~/app/context";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { programOf } from "~/screens/profile/agent";
import { Button } from "~/ui/Button";
import { Empty } from "~/ui/Empty";
import { Facts } from "~/ui/Facts";
import { Page } from "~/ui/Page";
import { ProblemNote } from "~/ui/ProblemNote";
import { partOf } from "./doors";
import css from "./SignIn.module.css";

export default function QrApprove() {
  const t = useT();
  const format = useFormat();
  const { me } = useSession();
  const id = partOf(location.hash, "id");
  const asking = useQuery({
    queryKey: ["qr_sign_in", id],
    queryFn: () => good(api.GET("/v4/qr_sign_in/{id}", { params: { path: { id } } })),
    enabled: id !== "",
    retry: false,
    gcTime: 0,
    meta: { kept: false },
  });
  const answer = useMutation({
    mutationFn: (approve: boolean) =>
      good(api.POST("/v4/qr_sign_in/{id}", { params: { path: { id } }, body: { approve } })),
  });
  const home = <Link href="/inbox">{t.nav.toInbox}</Link>;
  if (answer.data) {
    const { approved } = answer.data;
    return (
      <Empty
        icon={approved ? <CircleCheck size={24} /> : <CircleX size={24} />}
        title={approved ? t.signIn.qrApproved : t.signIn.qrDenied}
        action={home}
      >
        {approved ? t.signIn.qrApprovedHint : t.signIn.qrDeniedHint}
      </Empty>
    );
  }
  if (id === "" || asking.error || answer.error) {
    const error = answer.error ?? asking.error;
    if (id === "" || (error instanceof Problem && error.status === 404))
      return (
        <Empty icon={<MonitorSmartphone size={24} />} title={t.signIn.qrGone} action={home}>
          {t.signIn.qrGoneHint}
        </Empty>
      );
    if (asking.error) return <ProblemNote error={error} onRetry={() => void asking.refetch()} />;
  }
  if (!asking.data) return <Opening />;
  const { program, system } = programOf(asking.data.agent);
  return (
    <Page title={t.signIn.qrTitle} width="text">
      <div className={css.form}>
        <p>{t.signIn.qrAsks(me.name)}</p>
        <Facts
          facts={[
            [t.signIn.qrDevice, [program, system].filter(Boolean).join(", ")],
            [t.signIn.qrAddress, asking.data.address],
            [t.signIn.qrWhen, format.relative(asking.data.created)],
          ]}
        />
        <p className={css.hint}>{t.signIn.qrWarning}</p>
        <ProblemNote error={answer.error} />
        <div className={css.ways}>
          <Button
            kind="primary"
            busy={answer.isPending && answer.variables}
            onClick={() => answer.mutate(true)}
          >
            {t.signIn.qrYes}
          </Button>
          <Button busy={answer.isPending && !answer.variables} onClick={() => answer.mutate(false)}>
            {t.signIn.qrNo}
          </Button>
        </div>
      </div>
    </Page>
  );
}
