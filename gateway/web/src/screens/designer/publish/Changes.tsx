// The difference of two versions in words: what came, what changed and how, what went.

import { useQuery } from "@tanstack/react-query";
import { CircleDot, CircleMinus, CirclePlus } from "lucide-react";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { useInWords } from "../conditions/words";
import type { Change, Detail, Value } from "../model/differ";
import type { Rule } from "../model/wire";
import { catalogsQuery, formsQuery } from "../queries";
import { iconOf } from "../types";
import css from "./Changes.module.css";

export function Changes({
  changes,
  names,
}: {
  changes: readonly Change[];
  names?: (field: number) => string | undefined;
}) {
  const { designer: t } = useT();
  if (changes.length === 0) return <p className={css.none}>{t.noDifference}</p>;
  const word = { added: t.added, changed: t.changed, removed: t.gone };
  const icon = {
    added: <CirclePlus className={css.added} />,
    changed: <CircleDot className={css.changed} />,
    removed: <CircleMinus className={css.removed} />,
  };
  return (
    <ul className={css.list}>
      {changes.map((change, index) => (
        <li key={`${index} ${change.on} ${change.id}`} className={css.change}>
          {icon[change.what]}
          <div className={css.what}>
            <p>
              <span className={css.word}>{word[change.what]}</span>
              {change.type && <span className={css.type}>{iconOf(change.type)}</span>}
              <b>
                {change.on === "form"
                  ? t.theForm
                  : change.on === "step"
                    ? t.stepNumber(change.id, change.name || t.unnamed)
                    : change.name || t.unnamed}
              </b>
              {change.on === "step" && <span className={css.kind}>{t.route}</span>}
              {change.on === "field" && change.type && (
                <span className={css.kind}>{t.types[change.type]?.[0] ?? change.type}</span>
              )}
            </p>
            {change.details.length > 0 && (
              <ul className={css.details}>
                {change.details.map((detail, place) => (
                  <DetailRow key={`${place} ${detail.property}`} detail={detail} names={names} />
                ))}
              </ul>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

function DetailRow({ detail, names }: { detail: Detail; names?: (field: number) => string | undefined }) {
  const { designer: t } = useT();
  const told = useTold(names);
  const { property, before, after } = detail;
  const name = t.details[property] ?? property;
  if (property === "choice_added" || property === "choice_removed")
    return <li>{`${name}: ${String(after ?? before)}`}</li>;
  return (
    <li>
      {name}: <del>{told(property, before)}</del> → <ins>{told(property, after)}</ins>
    </li>
  );
}

/** A property's value as a person would say it. */
export function useTold(names?: (field: number) => string | undefined) {
  const { designer: t, common } = useT();
  const format = useFormat();
  const directory = useDirectory();
  const words = useInWords();
  const { data: forms } = useQuery(formsQuery);
  const { data: catalogs } = useQuery(catalogsQuery);
  const who = (text: string): string => {
    const [kind = "", id = "", ...rest] = text.split(":");
    const field = () => names?.(Number(id)) ?? t.idOf(Number(id));
    if (kind === "author") return t.whoAuthor;
    if (kind === "department_head") return t.whoHead;
    if (kind === "person") return format.person(directory.get(Number(id))) || t.idOf(Number(id));
    if (kind === "field") return t.whoField(field());
    return t.whoColumn(field(), rest.join(":"));
  };
  return (property: string, value: Value): string => {
    if (value === undefined || value === "" || value === "null") {
      return property === "required_step" || property === "immutable_step"
        ? t.never.toLowerCase()
        : t.nothing;
    }
    if (value === false) return common.no.toLowerCase();
    if (value === true) return common.yes.toLowerCase();
    switch (property) {
      case "approvers":
      case "subscribers":
        return String(value)
          .split("\n")
          .map((line) => {
            const [person = "", condition] = line.split(" ? ");
            return who(person) + (condition ? ` (${t.onlyIf.toLowerCase()} ${words(condition)})` : "");
          })
          .join(", ");
      case "rule": {
        const rule = JSON.parse(String(value)) as Rule;
        if (typeof rule === "object") return t.ruleShort.at_least(rule.at_least);
        return rule === "first" ? t.ruleShort.first : t.ruleShort.everyone;
      }
      case "condition":
      case "visible_if":
        return words(String(value));
      case "due_minutes":
        return format.span(Number(value));
      case "form_id":
        return forms?.forms?.find(({ id }) => id === value)?.name ?? t.idOf(Number(value));
      case "catalog_id":
        return catalogs?.catalogs?.find((one) => one.catalog_id === value)?.name ?? t.idOf(Number(value));
      case "subprocess": {
        const { form_id } = JSON.parse(String(value)) as { form_id: number };
        return forms?.forms?.find(({ id }) => id === form_id)?.name ?? t.idOf(form_id);
      }
      default:
        return String(value);
    }
  };
}
