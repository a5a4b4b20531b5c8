// Rights, each with what it lets somebody do. Those that the asker does not hold themselves cannot be given or taken.

import { useT } from "~/i18n";
import { Select } from "~/ui/Field";
import { Switch } from "~/ui/Switch";
import css from "./members.module.css";
import { GROUPS, type Group, has, mayGive, PRESETS, type Preset, presetOf, withRight } from "./rights";

interface Props {
  rights: number;
  onChange: (rights: number) => void;
  /** The rights of who asks. */
  mine: number;
  disabled?: boolean;
}

export function RightsSwitches({ rights, onChange, mine, disabled }: Props) {
  const t = useT();
  const presets = (Object.keys(PRESETS) as Preset[]).filter(
    (name) => (PRESETS[name] & ~mine & ~PRESETS.newcomer) === 0,
  );
  return (
    <div className={css.form}>
      <Select
        label={t.administration.preset}
        value={presetOf(rights) ?? ""}
        disabled={disabled}
        onChange={({ target }) => target.value && onChange(PRESETS[target.value as Preset])}
      >
        {presetOf(rights) === undefined && <option value="">{t.administration.presetOwn}</option>}
        {presets.map((name) => (
          <option key={name} value={name}>
            {t.administration.presets[name]}
          </option>
        ))}
      </Select>
      <div>
        {(Object.keys(GROUPS) as Group[]).map((group) => (
          <div key={group} className={css.group}>
            <h4>{t.administration.rightGroups[group]}</h4>
            {GROUPS[group].map((right) => (
              <Switch
                key={right}
                label={t.administration.rights[right][0]}
                hint={t.administration.rights[right][1]}
                checked={has(rights, right)}
                disabled={disabled || !mayGive(mine, right)}
                onChange={(on) => onChange(withRight(rights, right, on))}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
