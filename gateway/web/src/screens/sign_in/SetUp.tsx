// A fresh installation: its organisation and its first administrator, founded by whoever holds the machine and thus the token.

import { useState } from "react";
import { api, good } from "~/api/client";
import { Problem } from "~/api/problem";
import { LANGUAGES, type Language, useSpeech } from "~/i18n";
import { ownZone, zones } from "~/screens/profile/zones";
import { signedIn } from "~/store/session";
import { Button } from "~/ui/Button";
import { Select, TextField } from "~/ui/Field";
import { ProblemNote } from "~/ui/ProblemNote";
import { tokenIn } from "./doors";
import { Frame } from "./Frame";
import { NewPassword } from "./NewPassword";
import css from "./SignIn.module.css";
import { Spent, spent } from "./Spent";

/** The locales that a language of the app stands for. */
const LOCALES: Record<Language, string> = { en: "en-US", ru: "ru-RU" };

interface Props {
  token: string;
  /** Nothing is left to set up here. */
  done?: boolean;
  onLeave?: () => void;
}

export default function SetUp({ token: given, done, onLeave }: Props) {
  const { t, language, speak } = useSpeech();
  const [token, setToken] = useState(given);
  const [pasted, setPasted] = useState("");
  const [organisation, setOrganisation] = useState("");
  const [zone, setZone] = useState(ownZone);
  const [first, setFirst] = useState("");
  const [last, setLast] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  if (done || spent(problem) || (problem instanceof Problem && problem.code === "conflict")) {
    const again = () => {
      setProblem(undefined);
      setToken("");
    };
    return (
      <Spent onLeave={spent(problem) ? again : (onLeave ?? again)}>
        {spent(problem) ? t.signIn.setUpSpent : t.signIn.setUpDone}
      </Spent>
    );
  }
  if (!token) {
    return (
      <Frame title={t.signIn.setUpWelcome} hint={t.signIn.setUpHow}>
        <pre className={css.command}>nashi admin set-up-link</pre>
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault();
            setToken(tokenIn(pasted));
          }}
        >
          <TextField
            label={t.signIn.setUpLink}
            hint={t.signIn.setUpLinkHint}
            required
            autoFocus
            value={pasted}
            onChange={({ target }) => setPasted(target.value)}
          />
          <Button type="submit" kind="primary">
            {t.signIn.goOn}
          </Button>
        </form>
      </Frame>
    );
  }
  const found = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const answer = await good(
        api.POST("/v4/set_up", {
          body: {
            token,
            organization: organisation.trim(),
            time_zone: zone,
            locale: LOCALES[language],
            email: email.trim(),
            first_name: first.trim(),
            last_name: last.trim() || undefined,
            password,
          },
        }),
      );
      await signedIn(answer);
      onLeave?.();
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Frame title={t.signIn.setUpTitle} hint={t.signIn.setUpHint} wide>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void found();
        }}
      >
        <fieldset className={css.part}>
          <legend>{t.signIn.setUpOrganisation}</legend>
          <TextField
            label={t.signIn.organisation}
            autoComplete="organization"
            required
            autoFocus
            value={organisation}
            onChange={({ target }) => setOrganisation(target.value)}
          />
          <div className={css.two}>
            <Select
              label={t.nav.language}
              value={language}
              onChange={({ target }) => speak(target.value as Language)}
            >
              {(Object.keys(LANGUAGES) as Language[]).map((code) => (
                <option key={code} value={code}>
                  {LANGUAGES[code]}
                </option>
              ))}
            </Select>
            <Select label={t.signIn.timeZone} value={zone} onChange={({ target }) => setZone(target.value)}>
              {zones(zone).map((name) => (
                <option key={name} value={name}>
                  {name.replaceAll("_", " ")}
                </option>
              ))}
            </Select>
          </div>
        </fieldset>
        <fieldset className={css.part}>
          <legend>{t.signIn.setUpYou}</legend>
          <div className={css.two}>
            <TextField
              label={t.signIn.firstName}
              autoComplete="given-name"
              required
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
          <TextField
            label={t.signIn.login}
            hint={t.signIn.setUpLoginHint}
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={({ target }) => setEmail(target.value)}
          />
          <NewPassword label={t.signIn.password} value={password} onChange={setPassword} />
        </fieldset>
        <ProblemNote error={problem} />
        <Button type="submit" kind="primary" busy={busy}>
          {t.signIn.setUpFound}
        </Button>
      </form>
    </Frame>
  );
}
