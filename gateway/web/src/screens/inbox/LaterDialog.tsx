// Until when: a few good moments, or one that is picked.

import { CalendarDays, Moon, Sunrise, Sunset, TreePalm } from "lucide-react";
import { useState } from "react";
import { useFormat, useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { DateField } from "~/ui/DateField";
import { Dialog } from "~/ui/Dialog";
import css from "./LaterDialog.module.css";
import { type Later, laterChoices, utc } from "./later";

const ICONS: Record<Later["name"], typeof Moon> = {
  today: Sunset,
  tomorrow: Sunrise,
  weekend: TreePalm,
  week: CalendarDays,
  month: Moon,
};

interface Props {
  open: boolean;
  title: string;
  hint?: string;
  onClose: () => void;
  /** A moment in UTC. */
  onChoose: (moment: string) => void;
  /** Takes back what was chosen before. */
  onNever?: { label: string; run: () => void };
}

export function LaterDialog({ open, title, hint, onClose, onChoose, onNever }: Props) {
  const t = useT();
  const format = useFormat();
  const [moment, setMoment] = useState<string>();
  const choose = (at: string) => {
    onClose();
    onChoose(at);
  };
  const past = moment !== undefined && Date.parse(moment) <= Date.now();
  return (
    <Dialog open={open} onClose={onClose} title={title} size="s">
      {hint && <p className={css.hint}>{hint}</p>}
      <ul className={css.choices}>
        {laterChoices(new Date()).map(({ name, at }) => {
          const Icon = ICONS[name];
          return (
            <li key={name}>
              <button type="button" className={css.choice} onClick={() => choose(utc(at))}>
                <Icon size={17} aria-hidden="true" />
                <span>{t.inbox.later[name]}</span>
                <time dateTime={utc(at)}>{format.soon(at)}</time>
              </button>
            </li>
          );
        })}
      </ul>
      <form
        className={css.pick}
        onSubmit={(event) => {
          event.preventDefault();
          if (moment && !past) choose(moment);
        }}
      >
        <DateField
          time
          label={t.inbox.pickMoment}
          value={moment}
          onChange={setMoment}
          error={past ? t.inbox.inThePast : undefined}
        />
        <Button type="submit" disabled={!moment || past}>
          {t.common.done}
        </Button>
      </form>
      {onNever && (
        <Button
          kind="quiet"
          onClick={() => {
            onClose();
            onNever.run();
          }}
        >
          {onNever.label}
        </Button>
      )}
    </Dialog>
  );
}
