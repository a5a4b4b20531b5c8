// A proof of who somebody is: the password, a code, a passkey or a recovery code, whichever they have at hand.

import { KeyRound } from "lucide-react";
import { useState } from "react";
import { NoPasskey, type PasskeyAnswer, passkeysWork, showPasskey } from "~/api/passkeys";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { PasswordField } from "~/ui/PasswordField";
import { FactorProblem } from "./FactorProblem";
import css from "./factors.module.css";

export type FactorWay = "password" | "totp" | "passkey" | "recovery_code";

/** As the API takes it. */
export type Shown =
  | { password: string }
  | { code: string }
  | { recovery_code: string }
  | { passkey: PasskeyAnswer };

const CODE_LENGTH = 6;

interface Props {
  ways: readonly FactorWay[];
  /** Throws what the server says. */
  onShow: (shown: Shown) => Promise<void>;
  submit: string;
}

export function FactorForm({ ways: all, onShow, submit }: Props) {
  const t = useT();
  const ways = all.filter((way) => way !== "passkey" || passkeysWork());
  const typed = ways.filter((way) => way !== "passkey");
  const [way, setWay] = useState<FactorWay | undefined>(typed[0]);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  const show = async (shown: () => Promise<Shown>) => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await onShow(await shown());
    } catch (error) {
      if (!(error instanceof NoPasskey) || error.refused) setProblem(error);
      if (way === "totp") setText("");
    } finally {
      setBusy(false);
    }
  };
  const submitText = (value: string) =>
    show(async () =>
      way === "totp"
        ? { code: value }
        : way === "recovery_code"
          ? { recovery_code: value.trim() }
          : { password: value },
    );
  if (ways.length === 0) return <p>{t.factors.none}</p>;
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (text) void submitText(text);
      }}
    >
      {way === "password" && (
        <PasswordField
          key={way}
          label={t.signIn.password}
          name="password"
          autoComplete="current-password"
          autoFocus
          required
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      )}
      {way === "totp" && (
        <TextField
          key={way}
          label={t.factors.code}
          hint={t.factors.codeHint}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          className={css.code}
          autoFocus
          required
          value={text}
          onChange={({ target }) => {
            const digits = target.value.replace(/\D/g, "").slice(0, CODE_LENGTH);
            setText(digits);
            if (digits.length === CODE_LENGTH) void submitText(digits);
          }}
        />
      )}
      {way === "recovery_code" && (
        <TextField
          key={way}
          label={t.factors.recoveryCode}
          hint={t.factors.recoveryCodeHint}
          name="recovery_code"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          required
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      )}
      <FactorProblem error={problem} way={way} />
      {way && (
        <Button type="submit" kind="primary" busy={busy}>
          {submit}
        </Button>
      )}
      {ways.includes("passkey") && (
        <Button
          kind={way ? "plain" : "primary"}
          icon={<KeyRound size={16} />}
          busy={busy && !way}
          disabled={busy}
          onClick={() => void show(async () => ({ passkey: await showPasskey() }))}
        >
          {t.signIn.passkey}
        </Button>
      )}
      {typed.length > 1 && (
        <div className={css.others}>
          {typed
            .filter((other) => other !== way)
            .map((other) => (
              <Button
                key={other}
                kind="quiet"
                size="s"
                onClick={() => {
                  setWay(other);
                  setText("");
                  setProblem(undefined);
                }}
              >
                {t.factors.use[other]}
              </Button>
            ))}
        </div>
      )}
    </form>
  );
}
