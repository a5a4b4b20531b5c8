// Something that is on or off, and takes effect with what it stands in.

import { type InputHTMLAttributes, type ReactNode, useId } from "react";
import css from "./Switch.module.css";

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, "type" | "onChange"> {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChange: (on: boolean) => void;
}

export function Switch({ label, hint, checked, onChange, ...rest }: Props) {
  const id = useId();
  return (
    <div className={css.switch}>
      <label htmlFor={id} className={css.label}>
        {label}
        {hint && (
          <span id={`${id}-hint`} className={css.hint}>
            {hint}
          </span>
        )}
      </label>
      <input
        {...rest}
        id={id}
        type="checkbox"
        role="switch"
        className={css.input}
        checked={checked}
        aria-checked={checked}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={({ target }) => onChange(target.checked)}
      />
    </div>
  );
}
