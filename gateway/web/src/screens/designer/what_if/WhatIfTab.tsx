// What the draft would have made of past tasks: how many would have gone another way, at which step, and why.

import { useMutation } from "@tanstack/react-query";
import { FlaskConical, Shuffle } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useT } from "~/i18n";
import { Badge, type Tone } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Empty } from "~/ui/Empty";
import { ProblemNote } from "~/ui/ProblemNote";
import { useInWords } from "../conditions/words";
import { useDesigning } from "../context";
import type { Doc } from "../model/doc";
import { askWhatIf, type Difference, type WhatIf } from "./ask";
import css from "./WhatIfTab.module.css";

const AT_ONCE = 100;

const TONES: Record<string, Tone> = {
  entered: "info",
  asked: "info",
  skipped: "neutral",
  gone: "bad",
  not_asked: "neutral",
  returned: "warn",
  waits: "warn",
  completes: "good",
};

export default function WhatIfTab() {
  const { designer: t } = useT();
  const { design, doc, form, differs } = useDesigning();
  const [found, setFound] = useState<WhatIf>();
  const [of, setOf] = useState<Doc>();
  const [step, setStep] = useState<number>();
  const ask = useMutation({
    mutationFn: (after: number | undefined) =>
      askWhatIf(form.id, { definition: design.definition(), item_count: AT_ONCE, after }),
    onSuccess: (next, after) => {
      setFound((before) =>
        after !== undefined && before
          ? { ...next, examined: before.examined + next.examined, tasks: [...before.tasks, ...next.tasks] }
          : next,
      );
      setOf(design.doc);
    },
  });
  const run = () => {
    setStep(undefined);
    ask.mutate(undefined);
  };
  const bySteps = new Map<number, { name: string; count: number }>();
  for (const { differences } of found?.tasks ?? [])
    for (const number of new Set(differences.map((one) => one.step))) {
      const name = differences.find((one) => one.step === number)?.step_name ?? "";
      bySteps.set(number, { name, count: (bySteps.get(number)?.count ?? 0) + 1 });
    }
  const shown = (found?.tasks ?? []).filter(
    ({ differences }) => step === undefined || differences.some((one) => one.step === step),
  );
  const button = (
    <Button
      kind="primary"
      icon={<FlaskConical size={16} />}
      busy={ask.isPending}
      onClick={run}
      disabled={!differs}
    >
      {found ? t.whatIfAgain : t.whatIfRun}
    </Button>
  );
  if (!found) {
    return (
      <div className={css.tab}>
        <ProblemNote error={ask.error} />
        <Empty icon={<FlaskConical size={24} />} title={t.tabs.what_if} action={button}>
          {differs ? t.whatIfHint : `${t.whatIfHint} ${t.whatIfNoDraft}`}
        </Empty>
      </div>
    );
  }
  return (
    <div className={css.tab}>
      <div className={css.head}>
        <div className={css.sums} role="status">
          <p>
            <b>{found.tasks.length}</b>
            {t.otherwise(found.tasks.length).replace(/^[^\p{L}]*\d[^\p{L}]*/u, "")}
          </p>
          <p className={css.soft}>{t.examined(found.examined)}</p>
        </div>
        {button}
      </div>
      <ProblemNote error={ask.error} />
      {of !== doc && <p className={css.old}>{t.whatIfOld}</p>}
      {found.tasks.length === 0 ? (
        <p className={css.soft}>{t.allSame}</p>
      ) : (
        <>
          <fieldset className={css.steps}>
            <legend>{t.bySteps}</legend>
            {[...bySteps]
              .sort(([left], [right]) => left - right)
              .map(([number, { name, count }]) => (
                <button
                  key={number}
                  type="button"
                  aria-pressed={step === number}
                  onClick={() => setStep(step === number ? undefined : number)}
                >
                  <span>{t.stepNumber(number, name || t.unnamed)}</span>
                  <span className={css.bar} aria-hidden="true">
                    <i style={{ width: `${(100 * count) / found.tasks.length}%` }} />
                  </span>
                  <b>{count}</b>
                </button>
              ))}
          </fieldset>
          <ul className={css.tasks}>
            {shown.map((task) => (
              <li key={task.task_id}>
                <Link href={`/tasks/${task.task_id}`} className={css.task}>
                  <Shuffle size={16} aria-hidden="true" />
                  <span>{task.text || t.idOf(task.task_id)}</span>
                </Link>
                <ul className={css.differences}>
                  {task.differences.map((one, index) => (
                    <One key={index} one={one} />
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </>
      )}
      {found.next_after != null && (
        <div>
          <Button busy={ask.isPending} onClick={() => ask.mutate(found.next_after ?? undefined)}>
            {t.whatIfMore}
          </Button>
        </div>
      )}
    </div>
  );
}

function One({ one }: { one: Difference }) {
  const { designer: t } = useT();
  const words = useInWords();
  return (
    <li>
      <span>{t.stepNumber(one.step, one.step_name || t.unnamed)}</span>
      <Badge tone={TONES[one.change]}>
        {one.approver && `${one.approver.name}: `}
        {t.differences[one.change] ?? one.change}
      </Badge>
      {one.condition && (
        <span className={css.soft}>
          {t.because} <q>{words(one.condition)}</q> {one.holds ? t.holds : t.holdsNot}
        </span>
      )}
      {(one.missing_fields ?? []).length > 0 && (
        <span className={css.soft}>{t.missing((one.missing_fields ?? []).join(", "))}</span>
      )}
    </li>
  );
}
