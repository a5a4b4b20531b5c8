// The form that is being designed, for every part of its screen.

import { createContext, useContext } from "react";
import type { Form } from "~/api/types";
import { useT } from "~/i18n";
import type { Chosen, Design, Seen } from "./design";
import type { Flaw } from "./model/check";

export interface Designing extends Seen {
  design: Design;
  form: Form;
  chosen: Chosen;
  choose: (chosen: Chosen) => void;
}

export const DesigningContext = createContext<Designing | undefined>(undefined);

export function useDesigning(): Designing {
  const designing = useContext(DesigningContext);
  if (!designing) throw new Error("outside of a designer");
  return designing;
}

/** A flaw in words. */
export function useFlawText(): (flaw: Pick<Flaw, "rule" | "detail" | "fault">) => string {
  const { designer: t } = useT();
  return ({ rule, detail = "", fault }) =>
    fault ? t.atCharacter(t.faults[fault.rule](fault.detail), fault.at + 1) : t.flaws[rule](detail);
}

/** What is wrong with a property of a field or a step, in words. */
export function useFlawsOf(where: {
  field?: string;
  step?: string;
}): (property: string) => string | undefined {
  const { flaws, saving } = useDesigning();
  const text = useFlawText();
  return (property) => {
    const flaw = flaws.find(
      (one) =>
        one.where.field === where.field && one.where.step === where.step && one.where.property === property,
    );
    if (flaw) return text(flaw);
    const refused = saving.state === "refused" ? saving : undefined;
    const here = refused?.where && refused.where.field === where.field && refused.where.step === where.step;
    return here && property === "refused" ? refused.problem.message : undefined;
  };
}
