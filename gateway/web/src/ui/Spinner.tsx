import css from "./Spinner.module.css";

/** Something is under way; what it is stands beside it. */
export function Spinner() {
  return <span className={css.spinner} aria-hidden="true" />;
}
