// The person proves again who they are, with what this session and their account allow.

import { useEffect, useState } from "react";
import { api, good } from "~/api/client";
import { cookieRenewed, type Demand } from "~/api/proof";
import { useT } from "~/i18n";
import { ProblemNote } from "~/ui/ProblemNote";
import { Spinner } from "~/ui/Spinner";
import { FactorForm, type FactorWay } from "./FactorForm";
import css from "./factors.module.css";
import { SetUpFactor } from "./SetUpFactor";

interface Known {
  ways: FactorWay[];
  /** A second factor is demanded and there is none yet. */
  lacking: boolean;
}

export default function Prove({ demand, onProved }: { demand: Demand; onProved: () => void }) {
  const t = useT();
  const [known, setKnown] = useState<Known>();
  const [problem, setProblem] = useState<unknown>();
  const [proved, setProved] = useState(false);
  useEffect(() => {
    let gone = false;
    Promise.all([good(api.GET("/v4/account")), good(api.GET("/v4/session"))]).then(
      ([account, { session }]) => {
        if (!gone) setKnown(knownOf(account, session?.second_factor != null));
      },
      (error: unknown) => !gone && setProblem(error),
    );
    return () => {
      gone = true;
    };
  }, []);
  if (problem) return <ProblemNote error={problem} />;
  if (!known) return <Spinner />;
  if (proved) {
    return (
      <div className={css.steps}>
        <p>{t.factors.demandedHint}</p>
        <SetUpFactor onDone={onProved} />
      </div>
    );
  }
  return (
    <div className={css.steps}>
      <p>
        {demand === "step_up_required"
          ? t.factors.proveHint
          : known.lacking
            ? t.factors.demandedHint
            : t.factors.proveSecondHint}
      </p>
      <FactorForm
        ways={known.ways}
        submit={t.factors.proveSubmit}
        onShow={async (shown) => {
          await good(api.POST("/v4/session/step_up", { body: shown }));
          cookieRenewed();
          if (demand === "second_factor_required" && known.lacking) setProved(true);
          else onProved();
        }}
      />
    </div>
  );
}

/** The password does where the session has the second factor that the account has. */
function knownOf(
  account: { totp: boolean; passkeys: unknown[]; recovery_codes_left: number },
  withFactor: boolean,
): Known {
  const lacking = !account.totp && account.passkeys.length === 0;
  const ways: FactorWay[] = [];
  if (lacking || withFactor) ways.push("password");
  if (account.totp) ways.push("totp");
  if (account.passkeys.length > 0) ways.push("passkey");
  if (!lacking && account.recovery_codes_left > 0) ways.push("recovery_code");
  return { ways, lacking };
}
