// What is dangerous wants a proof of the last minutes: it is asked for here, over whatever is open, and then the request is repeated.

import { Suspense, useEffect, useState } from "react";
import { type Demand, onDemand } from "~/api/proof";
import { lazily } from "./lazily";

const StepUpDialog = lazily(() => import("./StepUpDialog"));

interface Asked {
  demand: Demand;
  answer: (proved: boolean) => void;
}

export function StepUp() {
  const [asked, setAsked] = useState<Asked>();
  /** It stays, closed, so that the focus goes back to where it was. */
  const [wanted, setWanted] = useState(false);
  useEffect(
    () =>
      onDemand(
        (demand) =>
          new Promise<boolean>((answer) => {
            setWanted(true);
            setAsked({ demand, answer });
          }),
      ),
    [],
  );
  const end = (proved: boolean) => {
    asked?.answer(proved);
    setAsked(undefined);
  };
  if (!wanted) return null;
  return (
    <Suspense>
      <StepUpDialog demand={asked?.demand} onEnd={end} />
    </Suspense>
  );
}
