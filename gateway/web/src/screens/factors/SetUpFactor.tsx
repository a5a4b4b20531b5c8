// The organisation demands a second factor: an authenticator app or a passkey is chosen and set up, then its recovery codes are kept.

import { useMutation } from "@tanstack/react-query";
import { KeyRound, Smartphone } from "lucide-react";
import { useState } from "react";
import { api, good } from "~/api/client";
import { passkeysWork } from "~/api/passkeys";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import css from "./factors.module.css";
import { PasskeySetUp } from "./PasskeySetUp";
import { RecoveryCodes } from "./RecoveryCodes";
import { TotpSetUp } from "./TotpSetUp";

export function SetUpFactor({ onDone }: { onDone: () => void }) {
  const t = useT();
  const [way, setWay] = useState<"totp" | "passkey">();
  const codes = useMutation({ mutationFn: () => good(api.POST("/v4/account/recovery_codes")) });
  // Without recovery codes the factor still stands: they can be made in the profile.
  const made = () => codes.mutate(undefined, { onError: onDone });
  if (codes.data) {
    return (
      <div className={css.steps}>
        <RecoveryCodes codes={codes.data.recovery_codes} />
        <Button kind="primary" onClick={onDone}>
          {t.factors.codesKept}
        </Button>
      </div>
    );
  }
  if (way) {
    return (
      <div className={css.steps}>
        {way === "totp" ? <TotpSetUp onDone={made} /> : <PasskeySetUp onDone={made} />}
        <Button kind="quiet" onClick={() => setWay(undefined)}>
          {t.factors.otherWay}
        </Button>
      </div>
    );
  }
  return (
    <div className={css.choices}>
      <button type="button" className={css.choice} onClick={() => setWay("totp")}>
        <Smartphone size={18} aria-hidden="true" />
        <span>
          <b>{t.factors.totp}</b>
          <small>{t.factors.totpAbout}</small>
        </span>
      </button>
      <button
        type="button"
        className={css.choice}
        disabled={!passkeysWork()}
        onClick={() => setWay("passkey")}
      >
        <KeyRound size={18} aria-hidden="true" />
        <span>
          <b>{t.factors.passkey}</b>
          <small>{passkeysWork() ? t.factors.passkeyAbout : t.factors.passkeysUnknown}</small>
        </span>
      </button>
    </div>
  );
}
