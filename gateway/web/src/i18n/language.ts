// Which language is spoken, and its texts: those of the first screen at once, all others with the first screen that says them (see
// `app/lazily.ts`). Without React: it is loaded before that.

import type { Messages } from "./en";

export type Language = "en" | "ru";
export const LANGUAGES: Record<Language, string> = { en: "English", ru: "Русский" };

const CHOSEN = "nashi:language";

const parts: Record<Language, { first: () => Promise<object>; rest: () => Promise<object> }> = {
  en: {
    first: async () => (await import("./en/first")).first,
    rest: async () => (await import("./en/rest")).rest,
  },
  ru: {
    first: async () => (await import("./ru/first")).first,
    rest: async () => (await import("./ru/rest")).rest,
  },
};

let spoken: Language = "en";
/** One object for each language, which the rest is added to: whoever holds it finds all of it there. */
const begun = new Map<Language, Promise<Messages>>();
const whole = new Map<Language, Promise<Messages>>();

/** The language as the person's own part of the world writes it, where the browser says which: `en-GB` has other days than `en-US`. */
export const localeOf = (language: Language): string =>
  navigator.languages.find((code) => code.split("-")[0] === language) ?? language;

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

/** Speaks it from now on, in this browser. */
export function choose(language: Language): void {
  try {
    localStorage.setItem(CHOSEN, language);
  } catch {
    // It is spoken until the tab is closed.
  }
}

/** As much as the first screen says: what is typed as all of it is all of it once `wholeLanguage` has been waited for. */
export function firstMessages(language: Language): Promise<Messages> {
  spoken = language;
  return once(begun, language, async () => ({ ...(await parts[language].first()) }) as Messages);
}

/** All of it. */
export function wholeLanguage(language: Language = spoken): Promise<Messages> {
  return once(whole, language, async () => {
    const [texts, rest] = await Promise.all([firstMessages(language), parts[language].rest()]);
    return Object.assign(texts, rest);
  });
}

function once(
  held: Map<Language, Promise<Messages>>,
  language: Language,
  load: () => Promise<Messages>,
): Promise<Messages> {
  let promise = held.get(language);
  if (!promise) {
    promise = load();
    // What could not be fetched is tried again by whoever wants it next.
    promise.catch(() => held.delete(language));
    held.set(language, promise);
  }
  return promise;
}
