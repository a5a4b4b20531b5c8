// Let in by a phone that is signed in: it scans this code and says yes.

import { useEffect, useState } from "react";
import { api, good, type Schemas } from "~/api/client";
import { passes } from "~/api/problem";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { ProblemNote } from "~/ui/ProblemNote";
import { Qr } from "~/ui/Qr";
import { Spinner } from "~/ui/Spinner";
import css from "./SignIn.module.css";

/** How often the answer is asked for, in milliseconds. */
const EVERY = 2_000;

interface Props {
  onBack: () => void;
  onAnswer: (answer: Schemas["SignedIn"]) => Promise<void>;
}

export function QrSignIn({ onBack, onAnswer }: Props) {
  const t = useT();
  const [asked, setAsked] = useState<Schemas["QrRequest"]>();
  const [ended, setEnded] = useState<"refused" | "expired">();
  const [problem, setProblem] = useState<unknown>();
  const [round, setRound] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each round asks for a code of its own
  useEffect(() => {
    let gone = false;
    setAsked(undefined);
    setEnded(undefined);
    setProblem(undefined);
    good(api.POST("/v4/qr_sign_in")).then(
      (request) => !gone && setAsked(request),
      (error: unknown) => !gone && setProblem(error),
    );
    return () => {
      gone = true;
    };
  }, [round]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: who is told is told once
  useEffect(() => {
    if (!asked) return;
    let gone = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      try {
        const params = { path: { id: asked.request_id } };
        const told = await good(api.PUT("/v4/qr_sign_in/{id}", { params, body: { secret: asked.secret } }));
        if (gone) return;
        if (told.state === "refused") setEnded("refused");
        else if (told.session) await onAnswer({ session: told.session, persons: told.persons ?? [] });
        else timer = setTimeout(look, EVERY);
      } catch (error) {
        if (gone) return;
        if (passes(error)) timer = setTimeout(look, EVERY);
        else setEnded("expired");
      }
    };
    timer = setTimeout(look, EVERY);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [asked]);

  return (
    <div className={css.form}>
      {ended ? (
        <>
          <p role="alert">{ended === "refused" ? t.signIn.qrRefused : t.signIn.qrExpired}</p>
          <Button kind="primary" onClick={() => setRound(round + 1)}>
            {t.signIn.qrAgain}
          </Button>
        </>
      ) : asked ? (
        <>
          <p className={css.hint}>{t.signIn.qrHint}</p>
          <Qr text={asked.text} label={t.signIn.qrCode} />
          <p className={css.waiting} role="status">
            <Spinner /> {t.signIn.qrWaiting}
          </p>
        </>
      ) : problem ? (
        <ProblemNote error={problem} onRetry={() => setRound(round + 1)} />
      ) : (
        <Spinner />
      )}
      <Button kind="quiet" onClick={onBack}>
        {t.common.back}
      </Button>
    </div>
  );
}
