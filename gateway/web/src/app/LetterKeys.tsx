// Whether letters do things by themselves: whoever dictates, or presses keys unasked, turns that off (WCAG 2.1.4).

import { useState } from "react";
import { useT } from "~/i18n";
import { Switch } from "~/ui/Switch";
import { letLettersWork, lettersWork } from "./keys";

export function LetterKeys() {
  const t = useT();
  const [on, setOn] = useState(lettersWork);
  return (
    <Switch
      label={t.profile.letters}
      hint={t.profile.lettersHint}
      checked={on}
      onChange={(next) => {
        letLettersWork(next);
        setOn(next);
      }}
    />
  );
}
