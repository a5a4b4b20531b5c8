// Signed in, but the organisation demands a second factor before anything else.

import { useState } from "react";
import { api, good } from "~/api/client";
import { useT } from "~/i18n";
import { SetUpFactor } from "~/screens/factors/SetUpFactor";
import { signedIn, signOut } from "~/store/session";
import { Button } from "~/ui/Button";
import { ProblemNote } from "~/ui/ProblemNote";
import { Frame } from "./Frame";

export default function Demanded() {
  const t = useT();
  const [problem, setProblem] = useState<unknown>();
  return (
    <Frame title={t.factors.demanded} hint={t.factors.demandedHint}>
      <SetUpFactor onDone={() => void good(api.GET("/v4/session")).then(signedIn).catch(setProblem)} />
      <ProblemNote error={problem} />
      <Button kind="quiet" onClick={() => void signOut()}>
        {t.nav.signOut}
      </Button>
    </Frame>
  );
}
