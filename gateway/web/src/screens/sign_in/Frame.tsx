// The page around everything that comes before the app: one card, and below it language and theme.

import { Globe, Monitor, Moon, Sun } from "lucide-react";
import { type ReactNode, useState } from "react";
import { chooseTheme, chosenTheme, type Theme } from "~/app/theme";
import { useTitle } from "~/app/title";
import { LANGUAGES, type Language, useSpeech } from "~/i18n";
import { Button } from "~/ui/Button";
import { Menu } from "~/ui/Menu";
import css from "./SignIn.module.css";

const ICONS: Record<Theme, ReactNode> = {
  system: <Monitor size={15} />,
  light: <Sun size={15} />,
  dark: <Moon size={15} />,
};

export function Frame({
  title,
  hint,
  wide,
  children,
}: {
  title: ReactNode;
  hint?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  useTitle(typeof title === "string" ? title : "");
  return (
    <div className={css.page}>
      <main className={`${css.card} ${wide ? css.wide : ""}`}>
        <header className={css.head}>
          <img src="/icon.svg" alt="" width={44} height={44} />
          <h1>{title}</h1>
          {hint && <p className={css.hint}>{hint}</p>}
        </header>
        {children}
      </main>
      <Choices />
    </div>
  );
}

function Choices() {
  const { language, speak, t } = useSpeech();
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <footer className={css.foot}>
      <Menu
        label={t.nav.language}
        button={
          <Button
            kind="quiet"
            size="s"
            icon={<Globe size={15} />}
            aria-label={`${t.nav.language}: ${LANGUAGES[language]}`}
          >
            {LANGUAGES[language]}
          </Button>
        }
        choices={(Object.keys(LANGUAGES) as Language[]).map((code) => ({
          label: <span lang={code}>{LANGUAGES[code]}</span>,
          checked: code === language,
          onChoose: () => speak(code),
        }))}
      />
      <Menu
        label={t.nav.theme}
        button={
          <Button
            kind="quiet"
            size="s"
            icon={ICONS[theme]}
            aria-label={`${t.nav.theme}: ${t.nav.themes[theme]}`}
          >
            {t.nav.themes[theme]}
          </Button>
        }
        choices={(["system", "light", "dark"] as const).map((choice) => ({
          label: t.nav.themes[choice],
          icon: ICONS[choice],
          checked: choice === theme,
          onChoose: () => {
            chooseTheme(choice);
            setTheme(choice);
          },
        }))}
      />
    </footer>
  );
}
