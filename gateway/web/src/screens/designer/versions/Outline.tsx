// A definition at a glance: its fields by name, its steps by number.

import { useMemo } from "react";
import { useT } from "~/i18n";
import { useInWords } from "../conditions/words";
import { fromWire } from "../model/doc";
import type { Definition, WireField } from "../model/wire";
import { iconOf } from "../types";
import css from "./VersionsTab.module.css";

export function Outline({ definition }: { definition: Definition }) {
  const { designer: t } = useT();
  const words = useInWords(useMemo(() => fromWire(definition), [definition]));
  return (
    <div className={css.two}>
      <div>
        <h4>{t.tabs.fields}</h4>
        <Fields fields={definition.fields} />
      </div>
      <div>
        <h4>{t.tabs.route}</h4>
        <ol className={css.steps}>
          {(definition.steps ?? []).map((step, index) => (
            <li key={`${index} ${step.name}`}>
              {t.stepNumber(index + 1, step.name || t.unnamed)}
              {step.condition && (
                <small>
                  {t.skippedUnless} {words(step.condition)}
                </small>
              )}
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

function Fields({ fields }: { fields: WireField[] }) {
  const { designer: t } = useT();
  return (
    <ul className={css.fields}>
      {fields
        .filter(({ deleted }) => !deleted)
        .map((field, index) => (
          <li key={`${index} ${field.id}`}>
            <span className={css.field}>
              {iconOf(field.type)}
              <span>{field.name || t.unnamed}</span>
            </span>
            {[field.fields, field.columns, ...(field.options ?? []).map((choice) => choice.fields)].map(
              (inner, place) => inner && inner.length > 0 && <Fields key={place} fields={inner} />,
            )}
          </li>
        ))}
    </ul>
  );
}
