// What the chosen step does: whom it asks and when it is complete, its condition, its time, where a rejection leads, and the task
// of another form that it opens.

import { ArrowDown, ArrowUp, Ellipsis, Trash2 } from "lucide-react";
import { useT } from "~/i18n";
import { Badge } from "~/ui/Badge";
import { IconButton } from "~/ui/Button";
import { Select, TextField } from "~/ui/Field";
import { Menu } from "~/ui/Menu";
import { toast } from "~/ui/toast";
import { ConditionEditor } from "../conditions/ConditionEditor";
import { useDesigning, useFlawsOf } from "../context";
import { placed, type Step } from "../model/doc";
import * as edit from "../model/edit";
import { Approvers } from "./Approvers";
import css from "./RouteTab.module.css";
import { SubprocessEditor } from "./SubprocessEditor";

export function StepProperties({ step }: { step: Step }) {
  const { designer: t, common } = useT();
  const { design, doc, choose } = useDesigning();
  const flaw = useFlawsOf({ step: step.key });
  const index = doc.steps.indexOf(step);
  const set = (changes: Partial<Step>, tag?: string) =>
    design.edit((now) => edit.changeStep(now, step.key, changes), tag && `${step.key} ${tag}`);
  const rule = step.rule ?? "everyone";
  const fields = placed(doc).map(({ field }) => field);
  const required = fields.filter(({ required_step }) => required_step === index + 1);
  const frozen = fields.filter(({ immutable_step }) => immutable_step === index + 1);
  const refused = flaw("refused");
  return (
    <div className={css.all}>
      <div className={css.head}>
        <b>{t.step(index + 1)}</b>
        <Menu
          label={step.name}
          button={
            <IconButton label={common.more}>
              <Ellipsis size={16} />
            </IconButton>
          }
          choices={[
            {
              label: t.moveUp,
              icon: <ArrowUp size={16} />,
              disabled: index === 0,
              onChoose: () => design.edit((now) => edit.moveStep(now, step.key, index - 1)),
            },
            {
              label: t.moveDown,
              icon: <ArrowDown size={16} />,
              disabled: index === doc.steps.length - 1,
              onChoose: () => design.edit((now) => edit.moveStep(now, step.key, index + 1)),
            },
            null,
            {
              label: t.removeStep,
              icon: <Trash2 size={16} />,
              danger: true,
              onChoose: () => {
                design.edit((now) => edit.removeStep(now, step.key));
                choose({});
                toast(t.removed(step.name), { action: { label: t.undo, run: () => design.undo() } });
              },
            },
          ]}
        />
      </div>
      {refused && (
        <p className={css.refused} role="alert">
          {refused}
        </p>
      )}
      <TextField
        label={t.name}
        value={step.name}
        maxLength={200}
        error={flaw("name")}
        onChange={({ target }) => set({ name: target.value }, "name")}
      />
      <section className={css.part}>
        <h3>{t.approvers}</h3>
        <Approvers approvers={step.approvers} onChange={(approvers) => set({ approvers }, "approvers")} />
        {flaw("approvers") && (
          <p className={css.refused} role="alert">
            {flaw("approvers")}
          </p>
        )}
        {step.approvers.length > 0 && (
          <Select
            label={t.rule}
            value={typeof rule === "object" ? "at_least" : rule}
            onChange={({ target }) =>
              set({
                rule: target.value === "at_least" ? { at_least: 2 } : (target.value as "everyone" | "first"),
              })
            }
          >
            <option value="everyone">{t.rules.everyone}</option>
            <option value="first">{t.rules.first}</option>
            <option value="at_least">{t.rules.at_least}</option>
          </Select>
        )}
        {typeof rule === "object" && (
          <TextField
            label={t.atLeast}
            type="number"
            min={1}
            max={100}
            value={rule.at_least}
            onChange={({ target }) =>
              set(
                { rule: { at_least: Math.min(100, Math.max(1, Math.trunc(Number(target.value)) || 1)) } },
                "rule",
              )
            }
          />
        )}
      </section>
      <section className={css.part}>
        <h3>{t.condition}</h3>
        <ConditionEditor
          source={step.condition}
          error={flaw("condition")}
          onChange={(condition) => set({ condition }, "condition")}
        />
        {step.condition && <p className={css.hint}>{t.skipped}</p>}
      </section>
      <section className={css.part}>
        <h3>{t.due}</h3>
        <Due
          minutes={step.due_minutes}
          error={flaw("due_minutes")}
          onChange={(due_minutes) => set({ due_minutes }, "due")}
        />
      </section>
      <section className={css.part}>
        <Select
          label={t.onReject}
          value={step.on_reject ?? ""}
          onChange={({ target }) =>
            set({ on_reject: target.value === "" ? undefined : Number(target.value) })
          }
        >
          <option value="">{t.onRejectAuthor}</option>
          {doc.steps.slice(0, index + 1).map((other, at) => (
            <option key={other.key} value={at + 1}>
              {t.stepNumber(at + 1, other === step ? `${other.name} (${t.onRejectHere})` : other.name)}
            </option>
          ))}
        </Select>
      </section>
      <section className={css.part}>
        <SubprocessEditor
          value={step.subprocess}
          error={flaw("subprocess")}
          onChange={(subprocess) => set({ subprocess }, "subprocess")}
        />
      </section>
      {(required.length > 0 || frozen.length > 0) && (
        <section className={css.part}>
          {required.length > 0 && (
            <>
              <h3>{t.requiredHere}</h3>
              <p>
                {required.map((field) => (
                  <Badge key={field.key}>{field.name}</Badge>
                ))}
              </p>
            </>
          )}
          {frozen.length > 0 && (
            <>
              <h3>{t.frozenHere}</h3>
              <p>
                {frozen.map((field) => (
                  <Badge key={field.key}>{field.name}</Badge>
                ))}
              </p>
            </>
          )}
        </section>
      )}
    </div>
  );
}

function Due(props: {
  minutes: number | undefined;
  error?: string;
  onChange: (minutes: number | undefined) => void;
}) {
  const { designer: t } = useT();
  const total = props.minutes ?? 0;
  const parts = {
    days: Math.floor(total / 1440),
    hours: Math.floor((total % 1440) / 60),
    minutes: total % 60,
  };
  const set = (name: keyof typeof parts, text: string) => {
    const next = { ...parts, [name]: Math.max(0, Math.trunc(Number(text)) || 0) };
    props.onChange(next.days * 1440 + next.hours * 60 + next.minutes || undefined);
  };
  return (
    <>
      <div className={css.three}>
        {(["days", "hours", "minutes"] as const).map((name) => (
          <TextField
            key={name}
            label={t[name]}
            type="number"
            min={0}
            placeholder="0"
            value={parts[name] || ""}
            onChange={({ target }) => set(name, target.value)}
          />
        ))}
      </div>
      {props.error ? (
        <p className={css.refused} role="alert">
          {props.error}
        </p>
      ) : (
        props.minutes === undefined && <p className={css.hint}>{t.dueNone}</p>
      )}
    </>
  );
}
