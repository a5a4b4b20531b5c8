// What was wrong with a proof, said of what was shown.

import { NoPasskey } from "~/api/passkeys";
import { Problem } from "~/api/problem";
import { useT } from "~/i18n";
import { ProblemNote } from "~/ui/ProblemNote";
import type { FactorWay } from "./FactorForm";

export function FactorProblem({ error, way }: { error: unknown; way?: FactorWay }) {
  const t = useT();
  if (error instanceof NoPasskey) return <ProblemNote error={error} text={t.factors.passkeyRefused} />;
  if (error instanceof Problem && error.code === "invalid_credentials" && way)
    return <ProblemNote error={error} text={t.factors.wrong[way]} />;
  return <ProblemNote error={error} />;
}
