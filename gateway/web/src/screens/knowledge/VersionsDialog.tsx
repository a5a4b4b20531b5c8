// The earlier versions of an article: who wrote each and when, what differs from today, and a way back.

import { useState } from "react";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { ProblemNote } from "~/ui/ProblemNote";
import { Difference } from "./Difference";
import css from "./Knowledge.module.css";
import { changes, type Entity, useChange, useEntity, useVersions } from "./useKnowledge";

export function VersionsDialog({ entity, onClose }: { entity: Entity; onClose: () => void }) {
  const t = useT();
  const format = useFormat();
  const { data, error } = useVersions(entity.id);
  const [chosen, setChosen] = useState<number>();
  const then = useEntity(entity.id, chosen ?? entity.version);
  const restore = useChange((old: Entity) =>
    changes.change(entity.id, { title: old.title, body: old.body, version: entity.version }),
  );
  const old = chosen !== undefined && then.data?.version !== undefined ? then.data : undefined;
  return (
    <Dialog
      open
      size="l"
      title={t.knowledge.versions}
      onClose={onClose}
      foot={
        old &&
        chosen !== entity.version &&
        entity.access_right === "write" && (
          <Button busy={restore.isPending} onClick={() => restore.mutate(old, { onSuccess: onClose })}>
            {t.knowledge.restore(chosen ?? 0)}
          </Button>
        )
      }
    >
      {!data && !error && <Opening />}
      <div className={css.versions}>
        <ul>
          {(data?.versions ?? []).map((version) => (
            <li key={version.version}>
              <button
                type="button"
                aria-pressed={version.version === (chosen ?? entity.version)}
                onClick={() => setChosen(version.version)}
              >
                <b>{t.knowledge.version(version.version)}</b>
                <small>
                  {[format.person(version.last_edited_by), format.relative(version.updated_at)]
                    .filter(Boolean)
                    .join(" · ")}
                </small>
              </button>
            </li>
          ))}
        </ul>
        <div>
          {then.data && (
            <>
              {then.data.title !== entity.title && <p className={css.meta}>{then.data.title}</p>}
              <Difference before={then.data.body ?? ""} after={entity.body ?? ""} />
            </>
          )}
        </div>
      </div>
      <ProblemNote error={error ?? then.error ?? restore.error} />
    </Dialog>
  );
}
