// How I sign in: the password, what is asked for besides it, and the key of my programs.

import { useQuery } from "@tanstack/react-query";
import { api, good } from "~/api/client";
import { Opening } from "~/app/Opening";
import { useT } from "~/i18n";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage } from "~/ui/Sections";
import { ApiKey } from "./ApiKey";
import { Passkeys } from "./Passkeys";
import { Password } from "./Password";
import { TwoFactor } from "./TwoFactor";

export const accountQuery = {
  queryKey: ["account"],
  queryFn: () => good(api.GET("/v4/account")),
  meta: { kept: false },
};

export default function Security() {
  const t = useT();
  const { data: account, error, refetch } = useQuery(accountQuery);
  return (
    <SectionPage title={t.profile.sections.security} width="text">
      <ProblemNote error={error} onRetry={() => void refetch()} />
      {account ? (
        <>
          <Password login={account.login} />
          <TwoFactor account={account} />
          <Passkeys account={account} />
          <ApiKey />
        </>
      ) : (
        !error && <Opening />
      )}
    </SectionPage>
  );
}
