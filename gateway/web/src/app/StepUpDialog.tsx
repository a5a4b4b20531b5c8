// The proof itself, asked for in a dialog (see `StepUp.tsx`).

import type { Demand } from "~/api/proof";
import { useT } from "~/i18n";
import Prove from "~/screens/factors/Prove";
import { Dialog } from "~/ui/Dialog";

export default function StepUpDialog({
  demand,
  onEnd,
}: {
  demand: Demand | undefined;
  onEnd: (proved: boolean) => void;
}) {
  const t = useT();
  return (
    <Dialog open={demand !== undefined} size="s" title={t.factors.prove} onClose={() => onEnd(false)}>
      {demand && <Prove demand={demand} onProved={() => onEnd(true)} />}
    </Dialog>
  );
}
