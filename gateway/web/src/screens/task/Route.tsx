// The way of a form's task: which steps it went, who decided what, where it waits and for whom, and what is ahead.

import { Check, CornerUpLeft, Eye, Hourglass, RotateCcw, X } from "lucide-react";
import { memo, type ReactNode, useState } from "react";
import type { Approval } from "~/api/types";
import { useFormat, useT } from "~/i18n";
import { waits } from "~/store/tasks";
import { Avatar } from "~/ui/Avatar";
import { IconButton } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import css from "./Route.module.css";
import type { RouteStep } from "./standing";

/** By step and person: the moment of the decision. */
export type DecidedAt = (step: number, person: number) => string | undefined;

export const Route = memo(function Route({
  steps,
  decidedAt,
  closed,
  current,
  onAgain,
}: {
  steps: readonly RouteStep[];
  decidedAt: DecidedAt;
  closed: boolean;
  current: number;
  /** Asks somebody once more who has decided. */
  onAgain?: (step: number, person: number) => Promise<unknown>;
}) {
  const t = useT();
  const format = useFormat();
  const [again, setAgain] = useState<{ step: RouteStep; approval: Approval }>();
  const [asks, setAsks] = useState(false);
  return (
    <ol className={css.route}>
      {steps.map((step) => (
        <li
          key={step.step}
          className={`${css.step} ${css[closed && step.step > current ? "ahead" : step.state]}`}
          aria-current={step.state === "now" ? "step" : undefined}
        >
          <span className={css.mark} aria-hidden="true">
            {step.state === "now" ? <span className={css.pulse} /> : step.state === "done" ? <Check /> : null}
          </span>
          <div className={css.body}>
            <div className={css.head}>
              <span className={css.name}>{step.name}</span>
              {step.elapsed !== undefined && step.elapsed >= 60_000 && (
                <span className={css.time} title={t.task.elapsed}>
                  {t.task.took(step.elapsed)}
                </span>
              )}
            </div>
            {step.state === "ahead" ? null : (
              <ul className={css.people}>
                {step.approvals.map((approval) => (
                  <li key={approval.person.id}>
                    <Decision
                      approval={approval}
                      at={decidedAt(step.step, approval.person.id)}
                      onAgain={
                        onAgain &&
                        (() => {
                          setAgain({ step, approval });
                          setAsks(true);
                        })
                      }
                    />
                  </li>
                ))}
                {step.approvals.length === 0 && <li className={css.nobody}>{t.task.nobody}</li>}
              </ul>
            )}
          </div>
        </li>
      ))}
      {again && onAgain && (
        <Confirm
          open={asks}
          onClose={() => setAsks(false)}
          title={t.task.askAgain(format.person(again.approval.person))}
          yes={t.task.asksAgain}
          danger={false}
          onYes={() => onAgain(again.step.step, again.approval.person.id)}
        >
          <p>
            {again.step.step < current
              ? t.task.goesBack(again.step.name)
              : t.task.decidesAnew(again.step.name)}
          </p>
        </Confirm>
      )}
    </ol>
  );
});

function Decision({ approval, at, onAgain }: { approval: Approval; at?: string; onAgain?: () => void }) {
  const t = useT();
  const format = useFormat();
  const signs: Record<string, [ReactNode, string | undefined, string]> = {
    approved: [<Check key="i" />, css.good, t.task.choices.approved],
    acknowledged: [<Eye key="i" />, css.good, t.task.choices.acknowledged],
    rejected: [<X key="i" />, css.bad, t.task.choices.rejected],
    revoked: [<CornerUpLeft key="i" />, css.soft, t.task.choices.revoked],
    waiting: [<Hourglass key="i" />, css.soft, t.task.choices.waiting],
  };
  const [icon, tone, word] = signs[approval.approval_choice] ?? [null, css.soft, approval.approval_choice];
  return (
    <span className={css.decision}>
      <Avatar person={approval.person} size={20} />
      <span className={css.person}>{format.person(approval.person)}</span>
      <span className={`${css.choice} ${tone}`} title={at ? `${word}, ${format.full(at)}` : word}>
        {icon}
        <span className="hidden">{word}</span>
        {at && <time dateTime={at}>{format.short(at)}</time>}
      </span>
      {onAgain && !waits(approval) && (
        <IconButton
          label={t.task.askAgain(format.person(approval.person))}
          className={css.again}
          onClick={onAgain}
        >
          <RotateCcw size={13} />
        </IconButton>
      )}
    </span>
  );
}
