// A password, which whoever types it may look at.

import { Eye, EyeOff } from "lucide-react";
import { type InputHTMLAttributes, useState } from "react";
import { useT } from "~/i18n";
import { IconButton } from "./Button";
import { type Labelled, TextField } from "./Field";
import css from "./PasswordField.module.css";

export function PasswordField(props: Labelled & Omit<InputHTMLAttributes<HTMLInputElement>, "type">) {
  const t = useT();
  const [shown, setShown] = useState(false);
  return (
    <div className={css.field}>
      <TextField {...props} type={shown ? "text" : "password"} spellCheck={false} autoCapitalize="none" />
      <IconButton
        className={css.eye}
        label={shown ? t.signIn.hidePassword : t.signIn.showPassword}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
      >
        {shown ? <EyeOff size={16} /> : <Eye size={16} />}
      </IconButton>
    </div>
  );
}
