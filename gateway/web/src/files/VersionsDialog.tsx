// The versions of a file: which number, from whom and when, each to be looked at.

import { useFormat, useT } from "~/i18n";
import { type Attached, keyOf } from "~/store/carried";
import { Dialog } from "~/ui/Dialog";
import Attachments from "./Attachments";
import { nameOf } from "./shown";
import css from "./VersionsDialog.module.css";
import { type Version, VersioningContext } from "./versions";

interface Props {
  open: boolean;
  file: Attached;
  versions: readonly Version[];
  onClose: () => void;
}

export function VersionsDialog({ open, file, versions, onClose }: Props) {
  const t = useT();
  const format = useFormat();
  return (
    <Dialog open={open} onClose={onClose} title={t.files.versionsOf(nameOf(file, t))}>
      {/* Here they are only looked at. */}
      <VersioningContext value={undefined}>
        <ol className={css.versions}>
          {versions.map(({ file: version, author, at }) => (
            <li key={keyOf(version)}>
              <h3 className={css.number}>{t.files.version(version.version ?? 1)}</h3>
              <p className={css.from}>
                {format.person(author)} · <time dateTime={at}>{format.full(at)}</time>
              </p>
              <Attachments files={[version]} />
            </li>
          ))}
        </ol>
      </VersioningContext>
    </Dialog>
  );
}
