// What the app says, in the person's language. Texts are typed: a language that lacks one does not compile.

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { setLanguage } from "~/api/client";
import type { Messages } from "./en";
import { type Formats, formatsIn } from "./format";

export type { Formats } from "./format";
export type { Messages };
export type Language = "en" | "ru";
export const LANGUAGES: Record<Language, string> = { en: "English", ru: "Русский" };

const CHOSEN = "nashi:language";
const load: Record<Language, () => Promise<Messages>> = {
  en: async () => (await import("./en")).messages,
  ru: async () => (await import("./ru")).messages,
};

interface Speech {
  language: Language;
  t: Messages;
  format: Formats;
  speak: (language: Language) => void;
}

const Context = createContext<Speech | undefined>(undefined);

/** The language that this browser was told to use, or else the one that it prefers. */
export function firstLanguage(): Language {
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(CHOSEN);
  } catch {
    // Then by preference.
  }
  const wanted = [chosen, ...navigator.languages].find((code) => code && code.slice(0, 2) in LANGUAGES);
  return (wanted?.slice(0, 2) as Language | undefined) ?? "en";
}

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
      format: formatsIn(spoken.language, spoken.t),
      speak: (language) => {
        try {
          localStorage.setItem(CHOSEN, language);
        } catch {
          // It is spoken until the tab is closed.
        }
        void load[language]().then((t) => setSpoken({ language, t }));
      },
    }),
    [spoken],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export const loadMessages = (language: Language): Promise<Messages> => load[language]();

export function useSpeech(): Speech {
  const speech = useContext(Context);
  if (!speech) throw new Error("outside of Speaking");
  return speech;
}

/** The texts. */
export const useT = (): Messages => useSpeech().t;
/** Dates, numbers and names as the language writes them. */
export const useFormat = (): Formats => useSpeech().format;
