// The session has ended, or another person's has begun in this browser: everything stays as it is behind this, and nothing is sent
// until the same person has signed in.

import { Suspense } from "react";
import { useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import type { Lock, Me } from "~/store/session";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Spinner } from "~/ui/Spinner";
import { lazily } from "./lazily";

const SignInForm = lazily(() => import("~/screens/sign_in/SignInForm"));

export default function Locked({ me, why }: { me: Me; why: Lock }) {
  const t = useT();
  const known = useDirectory().get(me.person)?.email;
  return (
    <Dialog
      open
      firm
      size="s"
      title={why === "other" ? t.signIn.other : t.signIn.again}
      onClose={() => undefined}
      foot={<Button onClick={() => location.reload()}>{t.signIn.reload}</Button>}
    >
      <p>{why === "other" ? t.signIn.otherHint(me.name) : t.signIn.againHint}</p>
      <Suspense fallback={<Spinner />}>
        <SignInForm expected={me.person} known={known ?? undefined} />
      </Suspense>
    </Dialog>
  );
}
