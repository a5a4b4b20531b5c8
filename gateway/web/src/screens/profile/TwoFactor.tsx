// The authenticator app, and recovery codes for when it or a passkey is lost.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { LifeBuoy, Smartphone } from "lucide-react";
import { useState } from "react";
import { api, good, type Schemas } from "~/api/client";
import { cookieRenewed } from "~/api/proof";
import { useT } from "~/i18n";
import { RecoveryCodes } from "~/screens/factors/RecoveryCodes";
import { TotpSetUp } from "~/screens/factors/TotpSetUp";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Dialog } from "~/ui/Dialog";
import { Panel, Row, Rows } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";

/** Fewer are few. */
const CODES_FEW = 3;

export function TwoFactor({ account }: { account: Schemas["ShownAccount"] }) {
  const t = useT();
  const cache = useQueryClient();
  const [open, setOpen] = useState<"totp" | "remove" | "renew">();
  const known = (next: Schemas["ShownAccount"]) => cache.setQueryData(["account"], next);
  const codes = useMutation({
    mutationFn: () => good(api.POST("/v4/account/recovery_codes")),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["account"] }),
  });
  const factor = account.totp || account.passkeys.length > 0;
  const only = account.totp && account.passkeys.length === 0;
  return (
    <Panel
      title={
        <>
          {t.profile.twoFactor}{" "}
          <Badge tone={factor ? "good" : account.second_factor_demanded ? "bad" : "neutral"}>
            {factor ? t.profile.on : t.profile.off}
          </Badge>
        </>
      }
      hint={account.second_factor_demanded ? t.profile.twoFactorDemanded : t.profile.twoFactorHint}
    >
      <Rows>
        <Row
          icon={<Smartphone size={18} />}
          title={t.factors.totp}
          note={account.totp ? t.profile.totpOn : t.factors.totpAbout}
          action={
            account.totp ? (
              <Button size="s" onClick={() => setOpen("remove")}>
                {t.common.remove}
              </Button>
            ) : (
              <Button size="s" onClick={() => setOpen("totp")}>
                {t.profile.setUp}
              </Button>
            )
          }
        />
        {factor && (
          <Row
            icon={<LifeBuoy size={18} />}
            title={
              <>
                {t.factors.codes}
                {account.recovery_codes_left < CODES_FEW && (
                  <Badge tone="warn">
                    {account.recovery_codes_left === 0 ? t.common.none : t.profile.codesFew}
                  </Badge>
                )}
              </>
            }
            note={t.profile.codesLeft(account.recovery_codes_left)}
            action={
              <Button
                size="s"
                busy={codes.isPending}
                onClick={() => (account.recovery_codes_left > 0 ? setOpen("renew") : codes.mutate())}
              >
                {t.profile.codesMake}
              </Button>
            }
          />
        )}
      </Rows>
      <ProblemNote error={codes.error} />
      <Dialog open={open === "totp"} size="s" title={t.factors.totp} onClose={() => setOpen(undefined)}>
        <TotpSetUp
          onDone={(next) => {
            known(next);
            setOpen(undefined);
            toast(t.profile.twoFactorDone);
            if (next.recovery_codes_left === 0) codes.mutate();
          }}
        />
      </Dialog>
      <Dialog
        open={codes.data !== undefined}
        firm
        size="s"
        title={t.factors.codes}
        onClose={() => codes.reset()}
        foot={
          <Button kind="primary" onClick={() => codes.reset()}>
            {t.factors.codesKept}
          </Button>
        }
      >
        {codes.data && <RecoveryCodes codes={codes.data.recovery_codes} />}
      </Dialog>
      <Confirm
        open={open === "remove"}
        onClose={() => setOpen(undefined)}
        title={t.profile.totpRemove}
        yes={t.common.remove}
        onYes={async () => {
          known(await good(api.DELETE("/v4/account/totp")));
          cookieRenewed();
        }}
      >
        <p>{only ? t.profile.totpRemoveOnly : t.profile.totpRemoveHint}</p>
      </Confirm>
      <Confirm
        open={open === "renew"}
        onClose={() => setOpen(undefined)}
        title={t.profile.codesRenew}
        yes={t.profile.codesMake}
        danger={false}
        onYes={() => codes.mutateAsync()}
      >
        <p>{t.profile.codesRenewHint}</p>
      </Confirm>
    </Panel>
  );
}
