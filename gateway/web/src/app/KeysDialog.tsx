// Every action that has a key, as it is offered where one stands.

import { useT } from "~/i18n";
import { Dialog } from "~/ui/Dialog";
import { useOffered } from "./actions";
import { Keys } from "./Keys";
import css from "./Keys.module.css";
import { LetterKeys } from "./LetterKeys";
import { grouped, unique } from "./matching";

export default function KeysDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const actions = unique(useOffered()).filter(({ keys }) => keys);
  const groups = grouped(actions, t.palette.here);
  return (
    <Dialog open size="l" title={t.palette.keys} onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: nothing in it takes the focus: by keys it is scrolled through here */}
      <section className={css.groups} tabIndex={0} aria-label={t.palette.keys} data-autofocus>
        {groups.map(([name, list]) => (
          <section key={name} className={css.group}>
            <h3>{name}</h3>
            <ul>
              {list.map((action) => (
                <li key={action.id} className={css.row}>
                  <span>{action.label}</span>
                  <Keys keys={action.keys ?? ""} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </section>
      <p className={css.note}>{t.palette.keysHint}</p>
      <LetterKeys />
    </Dialog>
  );
}
