// Signing in, on a page of its own.

import { useT } from "~/i18n";
import css from "./SignIn.module.css";
import SignInForm from "./SignInForm";

export default function SignIn({ setUp: _setUp }: { setUp?: boolean }) {
  const t = useT();
  return (
    <main className={css.page}>
      <section className={css.card}>
        <img src="/icon.svg" alt="" width={44} height={44} />
        <h1>{t.signIn.title}</h1>
        <SignInForm />
      </section>
    </main>
  );
}
