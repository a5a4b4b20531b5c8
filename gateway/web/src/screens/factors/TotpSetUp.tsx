// An authenticator app, taken into use: its secret as a code to scan, and the first code that it shows.

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, good, type Schemas } from "~/api/client";
import { cookieRenewed } from "~/api/proof";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { ProblemNote } from "~/ui/ProblemNote";
import { Qr } from "~/ui/Qr";
import { Secret } from "~/ui/Secret";
import { Spinner } from "~/ui/Spinner";
import { FactorProblem } from "./FactorProblem";
import css from "./factors.module.css";

export function TotpSetUp({ onDone }: { onDone: (account: Schemas["ShownAccount"]) => void }) {
  const t = useT();
  const [code, setCode] = useState("");
  // One secret for as long as this is open; never kept.
  const offer = useQuery({
    queryKey: ["totp_offer"],
    queryFn: () => good(api.POST("/v4/account/totp")),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    meta: { kept: false },
  });
  const confirm = useMutation({
    mutationFn: (shown: string) => good(api.PUT("/v4/account/totp", { body: { code: shown } })),
    onSuccess: (account) => {
      cookieRenewed();
      onDone(account);
    },
    onError: () => setCode(""),
  });
  if (offer.error) return <ProblemNote error={offer.error} onRetry={() => void offer.refetch()} />;
  if (!offer.data) return <Spinner />;
  return (
    <form
      className={css.steps}
      onSubmit={(event) => {
        event.preventDefault();
        if (code) confirm.mutate(code);
      }}
    >
      <p>{t.factors.totpScan}</p>
      <Qr text={offer.data.uri} label={t.factors.totpQr} />
      <p>{t.factors.totpType}</p>
      <Secret text={offer.data.secret} label={t.factors.totpSecret} />
      <TextField
        label={t.factors.totpFirst}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        className={css.code}
        required
        value={code}
        onChange={({ target }) => {
          const digits = target.value.replace(/\D/g, "").slice(0, 6);
          setCode(digits);
          if (digits.length === 6) confirm.mutate(digits);
        }}
      />
      <FactorProblem error={confirm.error} way="totp" />
      <Button type="submit" kind="primary" busy={confirm.isPending}>
        {t.factors.totpUse}
      </Button>
    </form>
  );
}
