// Where the app begins: language, session, then what is on the screen.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { begin } from "./app/begin";
import { applyTheme } from "./app/theme";
import { firstLanguage, loadMessages, Speaking } from "./i18n";
import "./ui/tokens.css";
import "./ui/base.css";

applyTheme();
const language = firstLanguage();
const root = document.getElementById("root");
begin();
loadMessages(language).then((messages) => {
  if (!root) return;
  createRoot(root).render(
    <StrictMode>
      <Speaking language={language} messages={messages}>
        <App />
      </Speaking>
    </StrictMode>,
  );
});
