// Every published version and the draft: how the form was then, and the difference of any two.

import { useQuery } from "@tanstack/react-query";
import { History, RotateCcw } from "lucide-react";
import { useState } from "react";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Select } from "~/ui/Field";
import { ProblemNote } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import { useDesigning } from "../context";
import { difference } from "../model/differ";
import { fromWire } from "../model/doc";
import type { Definition } from "../model/wire";
import { Changes } from "../publish/Changes";
import { nameIn } from "../publish/PublishDialog";
import { readDefinition, versionsQuery } from "../queries";
import { Outline } from "./Outline";
import css from "./VersionsTab.module.css";

/** The draft is version 0. */
const DRAFT = 0;

export default function VersionsTab() {
  const { designer: t } = useT();
  const format = useFormat();
  const directory = useDirectory();
  const { design, defined, form, differs } = useDesigning();
  const { data, error, isPending, refetch } = useQuery(versionsQuery(form.id));
  const versions = [...(data?.versions ?? [])].reverse();
  const [chosen, setChosen] = useState<number>();
  const [against, setAgainst] = useState<number>();
  const newest = versions[0]?.template ?? 1;
  const open = chosen ?? (differs ? DRAFT : newest);
  const before = against ?? (open === DRAFT ? newest : Math.max(1, open - 1));
  const shown = useVersion(open);
  const other = useVersion(before);
  if (isPending) return <Opening />;
  if (error) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  const name = (template: number) => (template === DRAFT ? t.draft : t.version(template));
  return (
    <div className={css.tab}>
      <ol className={css.list} aria-label={t.versions}>
        {differs && (
          <li>
            <button type="button" aria-current={open === DRAFT} onClick={() => setChosen(DRAFT)}>
              <b>{t.draft}</b>
            </button>
          </li>
        )}
        {versions.map(({ template, published, published_by }) => (
          <li key={template}>
            <button
              type="button"
              aria-current={open === template}
              onClick={() => {
                setChosen(template);
                setAgainst(undefined);
              }}
            >
              <b>{t.version(template)}</b>
              {template === defined.template && <Badge tone="good">{t.current}</Badge>}
              <small>
                {t.publishedBy(
                  format.person(directory.get(published_by)) || t.idOf(published_by),
                  format.full(published),
                )}
              </small>
            </button>
          </li>
        ))}
      </ol>
      <div className={css.shown}>
        <div className={css.head}>
          <h2>{name(open)}</h2>
          <Select
            label={t.compareWith}
            value={before}
            onChange={({ target }) => setAgainst(Number(target.value))}
          >
            {differs && open !== DRAFT && <option value={DRAFT}>{t.draft}</option>}
            {versions.map(({ template }) => (
              <option key={template} value={template}>
                {name(template)}
              </option>
            ))}
          </Select>
          {open !== DRAFT && shown && (
            <Button
              icon={<RotateCcw size={15} />}
              onClick={() => {
                design.edit(() => fromWire(shown).doc);
                toast(t.broughtBack(open), { action: { label: t.undo, run: () => design.undo() } });
              }}
            >
              {t.bringBack}
            </Button>
          )}
        </div>
        {shown && other ? (
          <>
            <Changes
              changes={difference(other, shown)}
              names={(id) => nameIn(shown, id) ?? nameIn(other, id)}
            />
            <section className={css.outline}>
              <h3>
                <History size={16} aria-hidden="true" /> {t.asItWas}
              </h3>
              <Outline definition={shown} />
            </section>
          </>
        ) : (
          <Opening />
        )}
      </div>
    </div>
  );
}

/** A version's definition; what was published never changes. */
function useVersion(template: number): Definition | undefined {
  const { design, defined, form } = useDesigning();
  const { data: list } = useQuery(versionsQuery(form.id));
  const position = list?.versions.find((version) => version.template === template)?.position;
  const { data } = useQuery({
    queryKey: ["form_definition_at", form.id, position],
    queryFn: () => readDefinition(form.id, position),
    enabled: position !== undefined && template !== defined.template,
    staleTime: Number.POSITIVE_INFINITY,
    meta: { kept: false },
  });
  if (template === DRAFT) return design.definition();
  return template === defined.template ? defined.published : data?.published;
}
