// A new password, by the link that was mailed or handed over.

import { useState } from "react";
import { api, good } from "~/api/client";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { ProblemNote } from "~/ui/ProblemNote";
import { Frame } from "./Frame";
import { NewPassword } from "./NewPassword";
import css from "./SignIn.module.css";
import { Spent, spent } from "./Spent";

export default function Reset({ token, onLeave }: { token: string; onLeave: () => void }) {
  const t = useT();
  const [password, setPassword] = useState("");
  const [login, setLogin] = useState<string>();
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  if (login !== undefined) {
    return (
      <Frame title={t.signIn.resetDone}>
        <p role="status">{t.signIn.resetDoneHint(login)}</p>
        <Button kind="primary" autoFocus onClick={onLeave}>
          {t.signIn.toSignIn}
        </Button>
      </Frame>
    );
  }
  if (!token || spent(problem)) {
    return <Spent onLeave={onLeave}>{t.signIn.resetSpent}</Spent>;
  }
  return (
    <Frame title={t.signIn.resetTitle} hint={t.signIn.resetHint}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          setBusy(true);
          setProblem(undefined);
          good(api.PUT("/v4/password_reset", { body: { token, password } }))
            .then((answer) => setLogin(answer.login), setProblem)
            .finally(() => setBusy(false));
        }}
      >
        <NewPassword value={password} onChange={setPassword} autoFocus />
        <ProblemNote error={problem} />
        <Button type="submit" kind="primary" busy={busy}>
          {t.signIn.resetSave}
        </Button>
      </form>
    </Frame>
  );
}
