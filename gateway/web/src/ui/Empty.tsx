import type { ReactNode } from "react";
import css from "./Empty.module.css";

/** Nothing is here: why, what would come here, and a way on. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={css.empty}>
      {icon && <div className={css.icon}>{icon}</div>}
      <h2 className={css.title}>{title}</h2>
      {children && <p className={css.hint}>{children}</p>}
      {action}
    </div>
  );
}
