// Who will be asked, step by step, as far as it can be known from what is filled in. Names only for those who may read the definition.

import { useQuery } from "@tanstack/react-query";
import { api, good } from "~/api/client";
import type { Form } from "~/api/types";
import { useSession } from "~/app/context";
import type { Filled } from "~/fields/condition";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { may, useRights } from "~/store/rights";
import css from "./New.module.css";

type Who =
  | "author"
  | "department_head"
  | { person: number }
  | { field: number }
  | { catalog_field: { field: number; column: string } };

interface Step {
  name: string;
  approvers?: { who: Who; condition?: string }[];
  condition?: string;
}

export function RoutePreview({ form, filled }: { form: Form; filled: Filled }) {
  const t = useT();
  const { me } = useSession();
  const rights = useRights();
  const knows = form.business_owners?.includes(me.person) || may(rights, "seeAllTasks", "editSettings");
  const { data } = useQuery({
    queryKey: ["definition", form.id],
    meta: { kept: false },
    retry: false,
    enabled: knows,
    queryFn: async () =>
      (await good(
        api.GET("/v4/forms/{id}/definition", { params: { path: { id: form.id } } }),
      )) as unknown as {
        published?: { steps?: Step[] };
      },
  });
  const steps: Step[] =
    data?.published?.steps ??
    Object.entries(form.steps)
      .sort(([left], [right]) => Number(left) - Number(right))
      .map(([, name]) => ({ name }));
  if (steps.length === 0) return null;
  return (
    <aside className={css.aside} aria-label={t.forms.route}>
      <h2>{t.forms.route}</h2>
      <ol className={css.steps}>
        {steps.map((step, at) => {
          const passed = step.condition !== undefined && !filled.holds(step.condition);
          const asked = (step.approvers ?? []).filter(
            ({ condition }) => condition === undefined || filled.holds(condition),
          );
          return (
            <li key={at} className={`${css.step} ${passed ? css.passed : ""}`}>
              <span className={css.dot}>{at + 1}</span>
              <span className={css.who}>
                <b>{step.name}</b>
                {passed ? (
                  <span className={css.asked}>{t.forms.skipped}</span>
                ) : (
                  data && (
                    <span className={css.asked}>
                      {asked.map(({ who }, index) => (
                        <Asked key={index} who={who} filled={filled} />
                      ))}
                      {asked.length === 0 && t.forms.nobody}
                    </span>
                  )
                )}
              </span>
            </li>
          );
        })}
      </ol>
      {data && <p className={css.hint}>{t.forms.routeHint}</p>}
    </aside>
  );
}

function Asked({ who, filled }: { who: Who; filled: Filled }) {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const name = (id: number) => format.person(directory.get(id)) || `№ ${id}`;
  if (who === "author") return <span>{t.forms.you}</span>;
  if (who === "department_head") return <span>{t.forms.head}</span>;
  if ("person" in who) return <span>{name(who.person)}</span>;
  const id = "field" in who ? who.field : who.catalog_field.field;
  const value = filled.values[id];
  if (value?.kind === "person") return <span>{name(value.id)}</span>;
  return <span>{t.forms.ofField(filled.find(id)?.field.name ?? `#${id}`)}</span>;
}
