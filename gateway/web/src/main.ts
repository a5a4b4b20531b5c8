// Where the app begins. Small, and there before the rest: while that comes, the language's texts and the first answers are asked for.

import { askEarly } from "./api/early";
import { applyTheme } from "./app/theme";
import { firstLanguage, firstMessages } from "./i18n/language";

applyTheme();
const language = firstLanguage();
const messages = firstMessages(language);
askEarly(location.pathname, language);
void Promise.all([import("./app/start"), messages]).then(([{ start }, texts]) => start(language, texts));
