// The app itself: what is on the screen, once it and its words are there.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { setLanguage } from "~/api/client";
import { type Language, type Messages, Speaking } from "~/i18n";
import { begin } from "~/store/session";
import { App } from "./App";
import { keepAppFresh } from "./update";

/** How long the first drawing waits for what is to be drawn, in milliseconds: on a phone to draw twice costs as much. */
const WAITS = 250;

export async function start(language: Language, messages: Messages): Promise<void> {
  const root = document.getElementById("root");
  if (!root) return;
  setLanguage(language);
  keepAppFresh();
  await Promise.race([begin(), new Promise((resolve) => setTimeout(resolve, WAITS))]);
  createRoot(root).render(
    <StrictMode>
      <Speaking language={language} messages={messages}>
        <App />
      </Speaking>
    </StrictMode>,
  );
}
