// Coming in, step by step: a password, a passkey or a phone that is signed in already; then, where needed, who of several one is, and a
// second factor.

import { KeyRound, QrCode } from "lucide-react";
import { useState } from "react";
import { api, good, type Schemas } from "~/api/client";
import { NoPasskey, passkeysWork, showPasskey } from "~/api/passkeys";
import { Problem } from "~/api/problem";
import { useT } from "~/i18n";
import { FactorForm, type FactorWay } from "~/screens/factors/FactorForm";
import { FactorProblem } from "~/screens/factors/FactorProblem";
import { SetUpFactor } from "~/screens/factors/SetUpFactor";
import { signedIn } from "~/store/session";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { PasswordField } from "~/ui/PasswordField";
import { ChoosePerson } from "./ChoosePerson";
import { Forgot } from "./Forgot";
import { QrSignIn } from "./QrSignIn";
import css from "./SignIn.module.css";

type SignedIn = Schemas["SignedIn"];

export type Step =
  | { at: "password" }
  /** `session`: somebody is signed in already, as the first of them. */
  | { at: "choose"; persons: SignedIn["persons"]; session?: SignedIn["session"] }
  | { at: "second"; ticket: string; ways: FactorWay[] }
  | { at: "demanded" }
  | { at: "qr" }
  | { at: "forgot" };

interface Props {
  /** The person who is to come back; another one begins anew. */
  expected?: number;
  /** Their e-mail address, where the app knows it. */
  known?: string;
  onStep?: (at: Step["at"]) => void;
}

export default function SignInForm({ expected, known, onStep }: Props) {
  const t = useT();
  const [step, setStep] = useState<Step>({ at: "password" });
  const [login, setLogin] = useState(known ?? "");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<unknown>();
  /** With what it was tried last. */
  const [way, setWay] = useState<"password" | "passkey">("password");
  const [busy, setBusy] = useState<"password" | "passkey">();
  const go = (next: Step) => {
    setStep(next);
    onStep?.(next.at);
  };
  const back = () => go({ at: "password" });

  /** What the server says to each proof: what it wants next, or that this is it. */
  const take = async (answer: SignedIn, chosen: boolean) => {
    const { session, persons, second_factor: second } = answer;
    if (second) go({ at: "second", ticket: second.ticket, ways: second.ways as FactorWay[] });
    else if (!session) go({ at: "choose", persons });
    else if (!chosen && persons.length > 1) go({ at: "choose", persons, session });
    else if (session.needs_second_factor && expected !== undefined) go({ at: "demanded" });
    else await signedIn(answer);
  };

  const withPassword = async (person: number | undefined) => {
    const answer = await good(api.POST("/v4/sessions", { body: { login, password, person_id: person } }));
    // Who had nothing to choose from has chosen.
    await take(answer, true);
  };

  const withPasskey = async () => {
    const shown = await showPasskey();
    const answer = await good(api.PUT("/v4/sessions/passkey", { body: { ...shown, person_id: expected } }));
    await take(answer, expected !== undefined);
  };

  const run = async (what: "password" | "passkey", work: () => Promise<void>) => {
    if (busy) return;
    setBusy(what);
    setWay(what);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof NoPasskey) || error.refused) setProblem(error);
    } finally {
      setBusy(undefined);
    }
  };

  switch (step.at) {
    case "choose":
      return (
        <ChoosePerson
          persons={step.persons}
          onBack={step.session ? undefined : back}
          onChoose={async (person) => {
            if (!step.session) return withPassword(person);
            const same = step.session.person_id === person;
            const body = { person_id: person };
            await take(
              same
                ? { session: step.session, persons: step.persons }
                : await good(api.PUT("/v4/session", { body })),
              true,
            );
          }}
        />
      );
    case "second":
      return (
        <div className={css.form}>
          <FactorForm
            ways={step.ways}
            submit={t.signIn.submit}
            onShow={async (shown) => {
              try {
                const body = { ticket: step.ticket, ...shown };
                await take(await good(api.POST("/v4/sessions/second_factor", { body })), true);
              } catch (error) {
                // The ticket is worn out: the password is asked for anew.
                if (!(error instanceof Problem) || error.code !== "invalid_ticket") throw error;
                setProblem(error);
                back();
              }
            }}
          />
          <Button kind="quiet" onClick={back}>
            {t.common.back}
          </Button>
        </div>
      );
    case "demanded":
      return (
        <SetUpFactor
          onDone={() =>
            void good(api.GET("/v4/session"))
              .then(signedIn)
              .catch(() => back())
          }
        />
      );
    case "qr":
      return <QrSignIn onBack={back} onAnswer={(answer) => take(answer, true)} />;
    case "forgot":
      return <Forgot login={login} onBack={back} />;
    default:
  }
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        void run("password", () => withPassword(expected));
      }}
    >
      <TextField
        label={t.signIn.login}
        type="email"
        name="login"
        autoComplete="username"
        required
        autoFocus={!known}
        value={login}
        onChange={(event) => setLogin(event.target.value)}
      />
      <PasswordField
        label={t.signIn.password}
        name="password"
        autoComplete="current-password"
        required
        autoFocus={Boolean(known)}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {problem instanceof Problem && problem.code === "invalid_ticket" ? (
        <p role="alert">{t.signIn.tooLong}</p>
      ) : (
        <FactorProblem error={problem} way={way} />
      )}
      <Button type="submit" kind="primary" busy={busy === "password"}>
        {t.signIn.submit}
      </Button>
      <Button kind="quiet" size="s" className={css.forgot} onClick={() => go({ at: "forgot" })}>
        {t.signIn.forgot}
      </Button>
      <div className={css.or}>
        <span>{t.signIn.or}</span>
      </div>
      <div className={css.ways}>
        {passkeysWork() && (
          <Button
            icon={<KeyRound size={16} />}
            busy={busy === "passkey"}
            onClick={() => void run("passkey", withPasskey)}
          >
            {t.signIn.passkey}
          </Button>
        )}
        <Button icon={<QrCode size={16} />} onClick={() => go({ at: "qr" })}>
          {t.signIn.qr}
        </Button>
      </div>
    </form>
  );
}
