// Where the draft is: saved, on its way, refused and why, or changed by somebody else.

import { CircleAlert, CircleCheck, CloudOff, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useT } from "~/i18n";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Menu } from "~/ui/Menu";
import { useProblemText } from "~/ui/ProblemNote";
import { Spinner } from "~/ui/Spinner";
import { useDesigning, useFlawText } from "./context";
import css from "./Designer.module.css";
import { type Chosen, chosenBy } from "./design";
import { difference } from "./model/differ";
import { Changes } from "./publish/Changes";

export function SavingState({ onShow }: { onShow: (chosen: Chosen) => void }) {
  const { designer: t } = useT();
  const { saving, defined, differs, flaws, doc, form } = useDesigning();
  const text = useFlawText();
  const { state } = saving;
  return (
    <span className={css.saving}>
      {t.version(defined.template)}
      {form.deleted_or_closed && <Badge tone="warn">{t.closed}</Badge>}
      <span className={css.saving} role="status">
        {state === "saved" && differs && (
          <>
            <CircleCheck size={14} aria-hidden="true" /> {t.saved}
          </>
        )}
        {state === "saved" && !differs && t.same}
        {state === "unsaved" && (
          <>
            <span className={css.dot} aria-hidden="true" /> {t.unsaved}
          </>
        )}
        {state === "saving" && (
          <>
            <Spinner /> {t.saving}
          </>
        )}
        {state === "offline" && (
          <>
            <CloudOff size={14} aria-hidden="true" /> {t.offline}
          </>
        )}
        {(state === "refused" || state === "conflict") && (
          <span className={`${css.saving} ${css.bad}`}>
            <CircleAlert size={14} aria-hidden="true" /> {state === "refused" ? t.refused : t.conflict}
          </span>
        )}
      </span>
      {flaws.length > 0 && (
        <Menu
          label={t.problems(flaws.length)}
          button={
            <button type="button" className={`${css.saving} ${css.bad}`}>
              <TriangleAlert size={14} aria-hidden="true" /> {t.problems(flaws.length)}
            </button>
          }
          choices={flaws.slice(0, 20).map((flaw) => ({
            label: text(flaw),
            onChoose: () => {
              const chosen = chosenBy(flaw.where, doc);
              if (chosen) onShow(chosen);
            },
          }))}
        />
      )}
    </span>
  );
}

/** What needs a decision, in full. */
export function SavingNote({ onShow }: { onShow: (chosen: Chosen) => void }) {
  const { designer: t, common } = useT();
  const { saving, design, doc, defined } = useDesigning();
  const text = useProblemText();
  const [comparing, setComparing] = useState(false);
  if (saving.state === "refused") {
    const chosen = saving.where && chosenBy(saving.where, doc);
    return (
      <div className={css.note} role="alert">
        <div>
          <b>{text(saving.problem)}</b>
          {t.refusedHint.replace(/:$/, ".")}
        </div>
        <div className={css.noteActions}>
          {chosen && <Button onClick={() => onShow(chosen)}>{t.showPlace}</Button>}
          <Button onClick={() => void design.flush()}>{common.tryAgain}</Button>
        </div>
      </div>
    );
  }
  if (saving.state !== "conflict") return null;
  const theirs = saving.theirs.draft ?? saving.theirs.published;
  return (
    <div className={css.note} role="alert">
      <div>
        <b>{t.conflictTitle}</b>
        {t.conflictHint}
      </div>
      <div className={css.noteActions}>
        <Button onClick={() => setComparing(true)}>{t.theirChanges}</Button>
        <Button onClick={() => design.keepMine()}>{t.keepMine}</Button>
        <Button kind="primary" onClick={() => design.takeTheirs()}>
          {t.takeTheirs}
        </Button>
      </div>
      <Dialog open={comparing} onClose={() => setComparing(false)} title={t.theirChanges} size="l">
        <Changes changes={difference(defined.draft ?? defined.published, theirs)} />
      </Dialog>
    </div>
  );
}
