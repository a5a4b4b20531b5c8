// Before a form is published: what differs, what follows for tasks that run, and what past tasks say.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Rocket, TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { api, good } from "~/api/client";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { ProblemNote } from "~/ui/ProblemNote";
import { Spinner } from "~/ui/Spinner";
import { toast } from "~/ui/toast";
import { useDesigning, useFlawText } from "../context";
import { type Chosen, chosenBy } from "../design";
import { consequences, difference } from "../model/differ";
import type { Definition, WireField } from "../model/wire";
import { definitionQuery, formQuery } from "../queries";
import { askWhatIf } from "../what_if/ask";
import { Changes } from "./Changes";
import css from "./Changes.module.css";

export default function PublishDialog({
  onClose,
  onShow,
}: {
  onClose: () => void;
  onShow: (chosen: Chosen) => void;
}) {
  const { designer: t, common } = useT();
  const { design, defined, doc, flaws, form, saving } = useDesigning();
  const text = useFlawText();
  const cache = useQueryClient();
  const [ready, setReady] = useState(false);
  useEffect(() => {
    void design.flush().then(setReady);
  }, [design]);
  const changes = defined.draft ? difference(defined.published, defined.draft) : [];
  const follows = consequences(changes);
  const past = useQuery({
    queryKey: ["what_if", form.id, JSON.stringify(defined.draft)],
    queryFn: () => askWhatIf(form.id, { item_count: 100 }),
    enabled: ready && changes.length > 0,
    meta: { kept: false },
  });
  const publish = useMutation({
    mutationFn: () => good(api.POST("/v4/forms/{id}/publish", { params: { path: { id: form.id } } })),
    onSuccess: async (published) => {
      toast(t.published(published.template));
      await Promise.all(
        [definitionQuery(form.id), formQuery(form.id)].map(({ queryKey }) =>
          cache.invalidateQueries({ queryKey }),
        ),
      );
      void cache.invalidateQueries({ queryKey: ["forms"] });
      void cache.invalidateQueries({ queryKey: ["form_versions", form.id] });
      onClose();
    },
  });
  const blocked = flaws.length > 0 || saving.state === "refused" || saving.state === "conflict";
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.publishTitle}
      size="l"
      foot={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button
            kind="primary"
            icon={<Rocket size={16} />}
            busy={publish.isPending}
            disabled={!ready || blocked || !defined.draft}
            onClick={() => publish.mutate()}
          >
            {t.publishAs(defined.template + 1)}
          </Button>
        </>
      }
    >
      <p>{t.publishHint}</p>
      <ProblemNote error={publish.error ?? (saving.state === "refused" ? saving.problem : undefined)} />
      {flaws.length > 0 && (
        <ul className={css.follows}>
          {flaws.map((flaw, index) => {
            const chosen = chosenBy(flaw.where, doc);
            return (
              <li key={index}>
                <TriangleAlert size={14} aria-hidden="true" /> {text(flaw)}{" "}
                {chosen && (
                  <Button
                    size="s"
                    onClick={() => {
                      onClose();
                      onShow(chosen);
                    }}
                  >
                    {t.showPlace}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {changes.length === 0 ? (
        <p>{ready ? t.publishNothing : t.saving}</p>
      ) : (
        <Changes changes={changes} names={(id) => nameIn(defined.draft, id)} />
      )}
      {follows.length > 0 && (
        <section>
          <h3 className={css.head}>{t.consequencesTitle}</h3>
          <ul className={css.follows}>
            {follows.map(({ kind, name, step }, index) => (
              <li key={index}>{t.consequences[kind](name, step ?? 0)}</li>
            ))}
          </ul>
        </section>
      )}
      {changes.length > 0 && (
        <p className={css.past} role="status">
          {past.isFetching && <Spinner />}
          {past.data && past.data.examined > 0 && (
            <>
              {t.examined(past.data.examined)}.{" "}
              {past.data.tasks.length === 0 ? t.allSame : `${t.otherwise(past.data.tasks.length)}.`}
            </>
          )}
          {past.data && past.data.tasks.length > 0 && (
            <Link href={`/administration/forms/${form.id}/what_if`} onClick={onClose}>
              {t.tabs.what_if}
            </Link>
          )}
        </p>
      )}
    </Dialog>
  );
}

export function nameIn(definition: Definition | undefined, id: number): string | undefined {
  const search = (fields: WireField[] = []): string | undefined => {
    for (const field of fields) {
      if (field.id === id) return field.name;
      const inner =
        search(field.fields) ??
        search(field.columns) ??
        (field.options ?? []).map((choice) => search(choice.fields)).find((name) => name !== undefined);
      if (inner !== undefined) return inner;
    }
    return undefined;
  };
  return search(definition?.fields);
}
