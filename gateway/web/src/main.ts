// Where the app begins. Small, and there before the rest: while that comes, the language's texts and the first answers are asked for,
// and what the browser keeps is opened.

import { askEarly } from "./api/early";
import { applyTheme } from "./app/theme";
import { firstLanguage, firstMessages } from "./i18n/language";
import { prepareStore, storeName } from "./store/db";

applyTheme();
const language = firstLanguage();
const messages = firstMessages(language);
askEarly(location.pathname, language)
  .then((found) => found && prepareStore(storeName(found.organization_id, found.person_id)))
  // Whoever asks for the session hears of it.
  .catch(() => undefined);
void Promise.all([import("./app/start"), messages]).then(([{ start }, texts]) => start(language, texts));
// The first date that a browser writes costs it more than all others: it is written while the app is still on its way.
void messages.then(() => new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" }).format());
