import { useT } from "~/i18n";
import { Spinner } from "~/ui/Spinner";
import css from "./Opening.module.css";

/** Nothing is known yet; said only to those who hear, and shown only when it takes long. */
export function Opening() {
  const t = useT();
  return (
    <div className={css.opening} role="status" data-opening>
      <Spinner />
      <span className="hidden">{t.common.loading}</span>
    </div>
  );
}
