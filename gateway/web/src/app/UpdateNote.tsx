import { useSyncExternalStore } from "react";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import css from "./UpdateNote.module.css";
import { subscribeUpdate, takeUpdate, updateWaits } from "./update";

/** The server has a newer app than the one that is open. */
export function UpdateNote() {
  const t = useT();
  const waits = useSyncExternalStore(subscribeUpdate, updateWaits);
  if (!waits) return null;
  return (
    <div className={css.note} role="status">
      <span>
        <b>{t.nav.update}.</b> {t.nav.updateHint}
      </span>
      <Button size="s" onClick={takeUpdate}>
        {t.nav.updateNow}
      </Button>
    </div>
  );
}
