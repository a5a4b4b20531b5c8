// The draft, filled in as a person would, and the way that the task would take. Nothing is sent.

import { RotateCcw } from "lucide-react";
import { useMemo, useState } from "react";
import { useSession } from "~/app/context";
import { Filled } from "~/fields/condition";
import { FormFields } from "~/fields/FormFields";
import type { Values } from "~/fields/values";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { Button } from "~/ui/Button";
import { PersonPicker } from "~/ui/PersonPicker";
import { useDesigning } from "../context";
import { Flow } from "../route/Flow";
import css from "./TryTab.module.css";
import { templateOf } from "./template";
import { wayOf } from "./way";

export default function TryTab() {
  const { designer: t } = useT();
  const format = useFormat();
  const directory = useDirectory();
  const { me } = useSession();
  const { doc, ids, defined, form } = useDesigning();
  const [values, setValues] = useState<Values>({});
  const [author, setAuthor] = useState(me.person);
  const template = useMemo(
    () => templateOf(doc, ids, defined.draft ?? defined.published),
    [doc, ids, defined],
  );
  const about = useMemo(() => ({ author, step: 1 }), [author]);
  const filled = useMemo(() => new Filled(template.fields, values, about), [template, values, about]);
  const lit = useMemo(
    () =>
      wayOf(doc, {
        filled,
        values,
        ids: template.ids,
        author,
        personName: (id) => format.person(directory.get(id)) || t.idOf(id),
        headName: t.headOf,
        owners: form.business_owners ?? [],
      }),
    [doc, filled, values, template, author, format, directory, t, form],
  );
  const hidden = filled.all.filter((one) => !filled.isVisible(one)).length;
  return (
    <div className={css.tab}>
      <section className={css.form} aria-label={t.tryForm}>
        <p className={css.hint}>{t.tryHint}</p>
        <div className={css.who}>
          <PersonPicker
            label={t.tryAs}
            roles={false}
            value={[author]}
            onChange={([person]) => setAuthor(person ?? me.person)}
          />
          <Button icon={<RotateCcw size={15} />} onClick={() => setValues({})}>
            {t.tryReset}
          </Button>
        </div>
        <div className={css.sheet}>
          <h2>{form.name}</h2>
          {template.fields.length === 0 ? (
            <p className={css.hint}>{t.tryNoFields}</p>
          ) : (
            <FormFields
              form={{ fields: template.fields }}
              step={1}
              values={values}
              onChange={setValues}
              about={about}
            />
          )}
          {hidden > 0 && <p className={css.hint}>{t.hiddenFields(hidden)}</p>}
        </div>
      </section>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled is scrolled by keys as well */}
      <section className={css.way} aria-label={t.tryRoute} tabIndex={0}>
        <Flow doc={doc} lit={lit} />
      </section>
    </div>
  );
}
