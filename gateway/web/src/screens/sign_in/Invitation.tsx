// Accepting an invitation: with a name and a password, or with the account that is signed in here already.

import { useState } from "react";
import { api, good } from "~/api/client";
import { Problem } from "~/api/problem";
import { useT } from "~/i18n";
import { type Me, signedIn, signOut } from "~/store/session";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { ProblemNote } from "~/ui/ProblemNote";
import { Frame } from "./Frame";
import { NewPassword } from "./NewPassword";
import css from "./SignIn.module.css";
import { Spent, spent } from "./Spent";

interface Props {
  token: string;
  /** Who is signed in here. */
  me: Me | undefined;
  onLeave: () => void;
}

export default function Invitation({ token, me, onLeave }: Props) {
  const t = useT();
  const [first, setFirst] = useState("");
  const [last, setLast] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const accept = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const body = me
        ? { token }
        : { token, password, first_name: first.trim() || undefined, last_name: last.trim() || undefined };
      const answer = await good(api.PUT("/v4/invitations", { body }));
      await signedIn(answer);
      onLeave();
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  if (!token || spent(problem)) return <Spent onLeave={onLeave}>{t.signIn.invitationSpent}</Spent>;
  const taken = problem instanceof Problem && problem.code === "conflict";
  return (
    <Frame
      title={t.signIn.invitationTitle}
      hint={me ? t.signIn.invitationAs(me.name) : t.signIn.invitationHint}
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void accept();
        }}
      >
        {!me && (
          <>
            <div className={css.two}>
              <TextField
                label={t.signIn.firstName}
                autoComplete="given-name"
                required
                autoFocus
                value={first}
                onChange={({ target }) => setFirst(target.value)}
              />
              <TextField
                label={t.signIn.lastName}
                autoComplete="family-name"
                value={last}
                onChange={({ target }) => setLast(target.value)}
              />
            </div>
            <NewPassword value={password} onChange={setPassword} />
          </>
        )}
        <ProblemNote error={problem} text={taken ? t.signIn.invitationTaken : undefined} />
        <Button type="submit" kind="primary" busy={busy}>
          {me ? t.signIn.invitationJoin(me.name) : t.signIn.invitationAccept}
        </Button>
        {me && (
          <Button kind="quiet" onClick={() => void signOut()}>
            {t.signIn.invitationOther}
          </Button>
        )}
      </form>
    </Frame>
  );
}
