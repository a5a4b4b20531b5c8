// How somebody signs in and for how long: a second factor, the key of their programs, and the bounds of their sessions.

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, good } from "~/api/client";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Dialog } from "~/ui/Dialog";
import { Facts } from "~/ui/Facts";
import { Select, TextField } from "~/ui/Field";
import { Panel, Row, Rows } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { Secret } from "~/ui/Secret";
import { Switch } from "~/ui/Switch";
import type { MemberPart } from "./MemberPage";
import { BOUNDS, type Bound, type MemberChange } from "./member";
import css from "./members.module.css";

export function MemberSignIn({
  member,
  editable,
  onChange,
  onKey,
}: MemberPart & { onKey: () => Promise<unknown> }) {
  const t = useT();
  const [asking, setAsking] = useState<"issue" | "revoke">();
  const [editing, setEditing] = useState(false);
  const factor = useMutation({ mutationFn: (on: boolean) => onChange({ two_factor_auth: on }) });
  const issue = useMutation({
    mutationFn: () =>
      good(api.POST("/v4/members/{id}/security_key", { params: { path: { id: member.id } } })),
    onSuccess: () => void onKey(),
  });
  const has = member.has_security_key === true;
  return (
    <Panel title={t.administration.members.signIn}>
      <Switch
        label={t.administration.members.demandFactor}
        hint={t.administration.members.demandFactorHint}
        checked={factor.isPending ? factor.variables : (member.two_factor_auth ?? false)}
        disabled={!editable || factor.isPending}
        onChange={(on) => factor.mutate(on)}
      />
      <ProblemNote error={factor.error ?? issue.error} />
      <Rows>
        <Row
          title={has ? t.profile.apiKeyThere : t.profile.apiKeyNone}
          note={t.administration.members.keyHint}
          action={
            editable && (
              <>
                <Button
                  size="s"
                  busy={issue.isPending}
                  onClick={() => (has ? setAsking("issue") : issue.mutate())}
                >
                  {has ? t.profile.apiKeyAgain : t.profile.apiKeyIssue}
                </Button>
                {has && (
                  <Button size="s" kind="quiet" onClick={() => setAsking("revoke")}>
                    {t.profile.revoke}
                  </Button>
                )}
              </>
            )
          }
        />
        <Row
          title={t.administration.members.bounds}
          note={
            <Facts
              facts={BOUNDS.flatMap((name) => {
                const bound = member[name];
                return bound
                  ? [[t.administration.members.bound[name], <Told key={name} bound={bound} />] as const]
                  : [];
              })}
            />
          }
          action={
            editable && (
              <Button size="s" onClick={() => setEditing(true)}>
                {t.common.edit}
              </Button>
            )
          }
        />
      </Rows>
      <Dialog open={editing} title={t.administration.members.bounds} onClose={() => setEditing(false)}>
        {editing && (
          <Bounds
            member={member}
            onSave={async (change) => {
              await onChange(change);
              setEditing(false);
            }}
          />
        )}
      </Dialog>
      <Dialog
        open={issue.data !== undefined}
        firm
        title={t.profile.apiKey}
        onClose={() => issue.reset()}
        foot={
          <Button kind="primary" onClick={() => issue.reset()}>
            {t.profile.apiKeyKept}
          </Button>
        }
      >
        <p>{t.profile.apiKeyOnce}</p>
        {issue.data && <Secret text={issue.data.security_key} label={t.profile.apiKey} />}
      </Dialog>
      <Confirm
        open={asking === "issue"}
        onClose={() => setAsking(undefined)}
        title={t.profile.apiKeyAgain}
        yes={t.profile.apiKeyAgain}
        onYes={() => issue.mutateAsync()}
      >
        <p>{t.profile.apiKeyAgainHint}</p>
      </Confirm>
      <Confirm
        open={asking === "revoke"}
        onClose={() => setAsking(undefined)}
        title={t.profile.apiKeyRevoke}
        yes={t.profile.revoke}
        onYes={async () => {
          await good(api.DELETE("/v4/members/{id}/security_key", { params: { path: { id: member.id } } }));
          await onKey();
        }}
      >
        <p>{t.profile.apiKeyRevokeHint}</p>
      </Confirm>
    </Panel>
  );
}

function Told({ bound }: { bound: Bound }) {
  const t = useT();
  if (bound.disable) return t.administration.members.unbounded;
  if (bound.max_count != null) return t.administration.members.atMostDevices(bound.max_count);
  return bound.life_span_hours == null ? null : t.common.hours(bound.life_span_hours);
}

type Choice = "default" | "bounded" | "unbounded";

interface Typed {
  choice: Choice;
  number: string;
}

const typedOf = (bound: Bound | null | undefined): Typed => ({
  choice: !bound ? "default" : bound.disable ? "unbounded" : "bounded",
  number: String(bound?.life_span_hours ?? bound?.max_count ?? ""),
});

function Bounds({
  member,
  onSave,
}: {
  member: MemberPart["member"];
  onSave: (change: MemberChange) => Promise<unknown>;
}) {
  const t = useT();
  const [typed, setTyped] = useState(
    () =>
      Object.fromEntries(BOUNDS.map((name) => [name, typedOf(member[name])])) as Record<
        (typeof BOUNDS)[number],
        Typed
      >,
  );
  const save = useMutation({
    mutationFn: () => {
      const change: MemberChange = {};
      for (const name of BOUNDS) {
        const before = typedOf(member[name]);
        const { choice, number } = typed[name];
        if (choice === before.choice && number === before.number) continue;
        const unit = name.includes("restriction") ? "max_count" : "life_span_hours";
        change[name] =
          choice === "default"
            ? { drop: true }
            : choice === "unbounded"
              ? { disable: true }
              : { [unit]: Number(number) };
      }
      return onSave(change);
    },
  });
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <p className={css.soft}>{t.administration.members.boundsHint}</p>
      {BOUNDS.map((name) => {
        const { choice, number } = typed[name];
        const label = t.administration.members.bound[name];
        return (
          <div key={name} className={css.bound}>
            <span>{label}</span>
            <Select
              bare
              label={label}
              value={choice}
              onChange={({ target }) =>
                setTyped({ ...typed, [name]: { number, choice: target.value as Choice } })
              }
            >
              {(["default", "bounded", "unbounded"] as const).map((way) => (
                <option key={way} value={way}>
                  {t.administration.members.boundWays[way]}
                </option>
              ))}
            </Select>
            {choice === "bounded" ? (
              <TextField
                bare
                label={
                  name.includes("restriction")
                    ? t.administration.members.devices
                    : t.administration.members.hours
                }
                placeholder={
                  name.includes("restriction")
                    ? t.administration.members.devices
                    : t.administration.members.hours
                }
                inputMode="numeric"
                pattern="[0-9]+"
                value={number}
                onChange={({ target }) => setTyped({ ...typed, [name]: { choice, number: target.value } })}
              />
            ) : (
              <span />
            )}
          </div>
        );
      })}
      <ProblemNote error={save.error} />
      <Button type="submit" kind="primary" busy={save.isPending}>
        {t.common.save}
      </Button>
    </form>
  );
}
