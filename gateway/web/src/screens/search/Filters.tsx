// What was found, narrowed by what it is: each choice says how much of it there is.

import { ChevronDown, X } from "lucide-react";
import type { ReactNode } from "react";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { Button } from "~/ui/Button";
import { type Choice, Menu } from "~/ui/Menu";
import type { Asked, Facets } from "./found";
import css from "./Search.module.css";

interface Props {
  asked: Asked;
  facets: Facets;
  onChange: (change: Partial<Record<keyof Asked, string | undefined>>) => void;
}

export function Filters({ asked, facets, onChange }: Props) {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const form = facets.forms?.find(({ form_id }) => String(form_id) === asked.form);
  const steps = (facets.steps ?? []).filter(({ form_id }) => String(form_id) === asked.form);
  const step = steps.find((other) => String(other.step) === asked.step);
  const author = asked.author ? directory.get(Number(asked.author)) : undefined;
  const many = (count: number) => format.number(count);
  return (
    <fieldset className={css.filters} aria-label={t.search.filters}>
      <Filter
        name={t.search.form}
        chosen={asked.form && (form?.name ?? `№ ${asked.form}`)}
        onDrop={() => onChange({ form: undefined, step: undefined })}
        choices={(facets.forms ?? []).map(({ form_id, name, count }) => ({
          label: name || `№ ${form_id}`,
          hint: many(count),
          onChoose: () => onChange({ form: String(form_id), step: undefined }),
        }))}
      />
      {asked.form && (
        <Filter
          name={t.search.step}
          chosen={asked.step && (step?.name ?? asked.step)}
          onDrop={() => onChange({ step: undefined })}
          choices={steps.map(({ step: number, name, count }) => ({
            label: name || String(number),
            hint: many(count),
            onChoose: () => onChange({ step: String(number) }),
          }))}
        />
      )}
      <Filter
        name={t.search.author}
        chosen={asked.author && (author ? format.person(author) : `№ ${asked.author}`)}
        onDrop={() => onChange({ author: undefined })}
        choices={(facets.authors ?? []).map(({ author_id, name, count }) => ({
          label: name || `№ ${author_id}`,
          hint: many(count),
          onChoose: () => onChange({ author: String(author_id) }),
        }))}
      />
      <Filter
        name={t.search.state}
        chosen={asked.state && t.search[asked.state]}
        onDrop={() => onChange({ state: undefined })}
        choices={[
          { label: t.search.open, hint: many(facets.open), onChoose: () => onChange({ state: "open" }) },
          {
            label: t.search.closed,
            hint: many(facets.closed),
            onChoose: () => onChange({ state: "closed" }),
          },
        ]}
      />
      <Menu
        label={t.search.order}
        button={
          <Button kind="quiet" size="s" className={css.order}>
            {asked.order ? t.search.newest : t.search.best}
            <ChevronDown size={14} aria-hidden="true" />
          </Button>
        }
        choices={[
          { label: t.search.best, checked: !asked.order, onChoose: () => onChange({ order: undefined }) },
          {
            label: t.search.newest,
            checked: asked.order === "newest",
            onChoose: () => onChange({ order: "newest" }),
          },
        ]}
      />
    </fieldset>
  );
}

function Filter({
  name,
  chosen,
  choices,
  onDrop,
}: {
  name: string;
  chosen?: ReactNode;
  choices: Choice[];
  onDrop: () => void;
}) {
  const t = useT();
  if (chosen)
    return (
      <Button
        size="s"
        className={css.chosen}
        onClick={onDrop}
        aria-label={`${t.common.remove}: ${name} ${typeof chosen === "string" ? chosen : ""}`}
      >
        <span className={css.chip}>
          {name}: <b>{chosen}</b>
          <X size={14} aria-hidden="true" />
        </span>
      </Button>
    );
  if (choices.length === 0) return null;
  return (
    <Menu
      label={name}
      button={
        <Button size="s">
          <span className={css.chip}>
            {name}
            <ChevronDown size={14} aria-hidden="true" />
          </span>
        </Button>
      }
      choices={choices}
    />
  );
}
