// What the app says, in the person's language. Texts are typed: a language that lacks one does not compile.

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { setLanguage } from "~/api/client";
import type { Messages } from "./en";
import { type Formats, formatsIn } from "./format";
import { choose, type Language, localeOf, wholeLanguage } from "./language";

export type { Formats } from "./format";
export { LANGUAGES, type Language } from "./language";
export type { Messages };

interface Speech {
  language: Language;
  /** What `Intl` is asked with: the language, and whose. */
  locale: string;
  t: Messages;
  format: Formats;
  speak: (language: Language) => void;
}

const Context = createContext<Speech | undefined>(undefined);

export function Speaking({
  language: first,
  messages,
  children,
}: {
  language: Language;
  messages: Messages;
  children: ReactNode;
}) {
  const [spoken, setSpoken] = useState({ language: first, t: messages });
  useEffect(() => {
    document.documentElement.lang = spoken.language;
    setLanguage(spoken.language);
  }, [spoken.language]);
  const value = useMemo<Speech>(
    () => ({
      ...spoken,
      locale: localeOf(spoken.language),
      format: formatsIn(localeOf(spoken.language), spoken.t),
      speak: (language) => {
        choose(language);
        void wholeLanguage(language).then((t) => setSpoken({ language, t }));
      },
    }),
    [spoken],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useSpeech(): Speech {
  const speech = useContext(Context);
  if (!speech) throw new Error("outside of Speaking");
  return speech;
}

/** The texts. */
export const useT = (): Messages => useSpeech().t;
/** Dates, numbers and names as the language writes them. */
export const useFormat = (): Formats => useSpeech().format;
