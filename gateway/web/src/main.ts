// Where the app begins. Small, and there before the rest: while that comes, the language's texts and the first answers are asked for,
// what the browser keeps is opened, and a phone is shown its inbox.

import { askEarly, earlyInbox } from "./api/early";
import { applyTheme } from "./app/theme";
import { formatsIn } from "./i18n/format";
import { firstLanguage, firstMessages, localeOf } from "./i18n/language";
import { drawEarly } from "./screens/inbox/early";
import { prepareStore, storeName } from "./store/db";
import { signsOut } from "./store/signing_out";
import "~/ui/tokens.css";
import "~/ui/base.css";

applyTheme();
const language = firstLanguage();
const messages = firstMessages(language);
// Whoever is leaving is nobody any more: what the server would still say of them is not asked.
const found = signsOut() ? Promise.resolve(undefined) : askEarly(location.pathname, language);
const store = found
  .then((me) => me && prepareStore(storeName(me.organization_id, me.person_id)))
  // Whoever asks for the session hears of it.
  .catch(() => undefined);
void Promise.all([import("./app/start"), messages]).then(([{ start }, texts]) => start(language, texts));
// The first date that a browser writes costs it more than all others: it is written while everything is still on its way.
setTimeout(() =>
  new Intl.DateTimeFormat(localeOf(language), { hour: "numeric", minute: "2-digit" }).format(),
);
void Promise.all([store, found.then(earlyInbox), messages])
  .then(async ([kept, answer, texts]) => {
    // What is not sent yet may have taken rows out: the app knows.
    if (!answer || ((await kept?.all("commands")) ?? []).length > 0) return;
    drawEarly(answer, texts, formatsIn(localeOf(language), texts));
  })
  // What is wrong is said by the app.
  .catch(() => undefined);
