// The name of a file: as text, whatever it holds, with its ending always in sight.

import { useT } from "~/i18n";
import type { Attached } from "~/store/carried";
import css from "./FileName.module.css";
import { nameOf, parted } from "./shown";

export function FileName({ file }: { file: Attached }) {
  const t = useT();
  const name = nameOf(file, t);
  const [stem, ending] = parted(name);
  return (
    <span className={css.name} title={name}>
      <span className="hidden">{name}</span>
      <bdi className={css.stem} aria-hidden="true">
        {stem}
      </bdi>
      {ending && (
        <bdi className={css.ending} aria-hidden="true">
          {ending}
        </bdi>
      )}
    </span>
  );
}
