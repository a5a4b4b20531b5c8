// Another password, by whoever knows the present one.

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, good } from "~/api/client";
import { Problem } from "~/api/problem";
import { cookieRenewed } from "~/api/proof";
import { useT } from "~/i18n";
import { NewPassword } from "~/screens/sign_in/NewPassword";
import { Button } from "~/ui/Button";
import { Panel } from "~/ui/Panel";
import { PasswordField } from "~/ui/PasswordField";
import { ProblemNote } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import css from "./profile.module.css";

export function Password({ login }: { login: string }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [present, setPresent] = useState("");
  const [next, setNext] = useState("");
  const close = () => {
    setOpen(false);
    setPresent("");
    setNext("");
  };
  const change = useMutation({
    mutationFn: () =>
      good(api.PUT("/v4/profile/password", { body: { password: next, current_password: present } })),
    onSuccess: () => {
      cookieRenewed();
      close();
      toast(t.profile.passwordChanged);
    },
  });
  const wrong = change.error instanceof Problem && change.error.code === "invalid_credentials";
  return (
    <Panel
      title={t.signIn.password}
      hint={t.profile.passwordHint(login)}
      action={!open && <Button onClick={() => setOpen(true)}>{t.profile.passwordChange}</Button>}
    >
      {open && (
        <form
          className={`${css.form} ${css.narrow}`}
          onSubmit={(event) => {
            event.preventDefault();
            change.mutate();
          }}
        >
          {/* Password managers want to know whose it is. */}
          <input type="text" autoComplete="username" value={login} readOnly hidden />
          <PasswordField
            label={t.profile.passwordPresent}
            autoComplete="current-password"
            autoFocus
            required
            value={present}
            error={wrong ? t.profile.passwordWrong : undefined}
            onChange={({ target }) => setPresent(target.value)}
          />
          <NewPassword value={next} onChange={setNext} />
          {!wrong && <ProblemNote error={change.error} />}
          <div className={css.buttons}>
            <Button type="submit" kind="primary" busy={change.isPending}>
              {t.common.save}
            </Button>
            <Button onClick={close}>{t.common.cancel}</Button>
          </div>
        </form>
      )}
    </Panel>
  );
}
