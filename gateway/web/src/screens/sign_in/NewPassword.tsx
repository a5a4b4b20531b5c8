// A password to be: as long as the server wants it, and no rule besides.

import { useT } from "~/i18n";
import { PasswordField } from "~/ui/PasswordField";

export const PASSWORD_MIN = 8;
const PASSWORD_MAX = 1024;

interface Props {
  value: string;
  onChange: (value: string) => void;
  label?: string;
  autoFocus?: boolean;
}

export function NewPassword({ value, onChange, label, autoFocus }: Props) {
  const t = useT();
  return (
    <PasswordField
      label={label ?? t.signIn.newPassword}
      hint={t.signIn.newPasswordHint(PASSWORD_MIN)}
      name="new-password"
      autoComplete="new-password"
      minLength={PASSWORD_MIN}
      maxLength={PASSWORD_MAX}
      required
      autoFocus={autoFocus}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}
