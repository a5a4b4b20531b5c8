// What is dangerous wants a proof of the last minutes: it is asked for here, over whatever is open, and then the request is repeated.

import { lazy, Suspense, useEffect, useState } from "react";
import { type Demand, onDemand } from "~/api/proof";
import { useT } from "~/i18n";
import { Dialog } from "~/ui/Dialog";
import { Spinner } from "~/ui/Spinner";

const Prove = lazy(() => import("~/screens/factors/Prove"));

interface Asked {
  demand: Demand;
  answer: (proved: boolean) => void;
}

export function StepUp() {
  const t = useT();
  const [asked, setAsked] = useState<Asked>();
  useEffect(() => onDemand((demand) => new Promise<boolean>((answer) => setAsked({ demand, answer }))), []);
  const end = (proved: boolean) => {
    asked?.answer(proved);
    setAsked(undefined);
  };
  return (
    <Dialog open={asked !== undefined} size="s" title={t.factors.prove} onClose={() => end(false)}>
      <Suspense fallback={<Spinner />}>
        {asked && <Prove demand={asked.demand} onProved={() => end(true)} />}
      </Suspense>
    </Dialog>
  );
}
