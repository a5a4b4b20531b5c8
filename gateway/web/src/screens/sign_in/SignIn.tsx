// Signing in, on a page of its own. Where nothing has been set up yet, it says how that begins.

import { useState } from "react";
import { useT } from "~/i18n";
import { Frame } from "./Frame";
import SetUp from "./SetUp";
import SignInForm, { type Step } from "./SignInForm";

export default function SignIn({ setUp }: { setUp?: boolean }) {
  const t = useT();
  const [at, setAt] = useState<Step["at"]>("password");
  if (setUp) return <SetUp token="" />;
  return (
    <Frame title={t.signIn.titles[at]} hint={at === "password" ? t.signIn.hint : undefined}>
      <SignInForm onStep={setAt} />
    </Frame>
  );
}
