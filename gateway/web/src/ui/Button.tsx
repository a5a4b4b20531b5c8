// What is pressed. Always a name for those who do not see it; while it works it says so and cannot be pressed again.

import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import css from "./Button.module.css";
import { Spinner } from "./Spinner";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: "primary" | "plain" | "quiet" | "danger";
  size?: "s" | "m";
  icon?: ReactNode;
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  kind = "plain",
  size = "m",
  icon,
  busy,
  children,
  className,
  disabled,
  ...rest
}: Props) {
  const classes = [css.button, css[kind], size === "s" && css.s, className].filter(Boolean).join(" ");
  return (
    <button
      type="button"
      {...rest}
      className={classes}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    >
      {busy ? <Spinner /> : icon}
      {children !== undefined && <span className={css.label}>{children}</span>}
    </button>
  );
}

interface IconProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> {
  /** What it does. */
  label: string;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ label, children, className, ...rest }: IconProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={[css.icon, className].filter(Boolean).join(" ")}
    >
      {children}
    </button>
  );
}
