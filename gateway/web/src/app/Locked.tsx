// The session has ended, or another person's has begun in this browser: everything stays as it is behind this, and nothing is sent
// until the same person has signed in.

import { lazy, Suspense } from "react";
import { useT } from "~/i18n";
import type { Me } from "~/store/session";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Spinner } from "~/ui/Spinner";

const SignInForm = lazy(() => import("~/screens/sign_in/SignInForm"));

export function Locked({ me }: { me: Me }) {
  const t = useT();
  return (
    <Dialog
      open
      firm
      size="s"
      title={t.signIn.again}
      onClose={() => undefined}
      foot={<Button onClick={() => location.reload()}>{t.signIn.reload}</Button>}
    >
      <p>{t.signIn.againHint}</p>
      <p>{t.signIn.otherHint(me.name)}</p>
      <Suspense fallback={<Spinner />}>
        <SignInForm expected={me.person} />
      </Suspense>
    </Dialog>
  );
}
