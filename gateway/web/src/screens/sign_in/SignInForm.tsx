// Address and password in, a session out.

import { useState } from "react";
import { api, good } from "~/api/client";
import { useT } from "~/i18n";
import { signedIn } from "~/store/session";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { ProblemNote } from "~/ui/ProblemNote";
import css from "./SignIn.module.css";

/** `expected`: the person who is to come back; another one begins anew. */
export default function SignInForm({ expected }: { expected?: number }) {
  const t = useT();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const answer = await good(api.POST("/v4/sessions", { body: { login, password, person_id: expected } }));
      await signedIn(answer);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextField
        label={t.signIn.login}
        type="email"
        name="login"
        autoComplete="username"
        required
        autoFocus
        value={login}
        onChange={(event) => setLogin(event.target.value)}
      />
      <TextField
        label={t.signIn.password}
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <ProblemNote error={problem} />
      <Button type="submit" kind="primary" busy={busy}>
        {t.signIn.submit}
      </Button>
    </form>
  );
}
