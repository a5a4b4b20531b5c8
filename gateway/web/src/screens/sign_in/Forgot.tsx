// A forgotten password: a link is asked for. The answer is the same for every address, so that nobody learns who is here.

import { useState } from "react";
import { api, good } from "~/api/client";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { ProblemNote } from "~/ui/ProblemNote";
import css from "./SignIn.module.css";

export function Forgot({ login: typed, onBack }: { login: string; onBack: () => void }) {
  const t = useT();
  const [login, setLogin] = useState(typed);
  const [sent, setSent] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  if (sent) {
    return (
      <div className={css.form} role="status">
        <p>{t.signIn.forgotSent(login)}</p>
        <p className={css.hint}>{t.signIn.forgotNoMail}</p>
        <Button kind="primary" onClick={onBack}>
          {t.signIn.toSignIn}
        </Button>
      </div>
    );
  }
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        setBusy(true);
        setProblem(undefined);
        good(api.POST("/v4/password_reset", { body: { login } }))
          .then(() => setSent(true), setProblem)
          .finally(() => setBusy(false));
      }}
    >
      <p className={css.hint}>{t.signIn.forgotHint}</p>
      <TextField
        label={t.signIn.login}
        type="email"
        name="login"
        autoComplete="username"
        required
        autoFocus
        value={login}
        onChange={({ target }) => setLogin(target.value)}
      />
      <ProblemNote error={problem} />
      <Button type="submit" kind="primary" busy={busy}>
        {t.signIn.forgotSend}
      </Button>
      <Button kind="quiet" onClick={onBack}>
        {t.common.back}
      </Button>
    </form>
  );
}
