// What can be done with a file where it stands, beside looking at it: a new version of it, and the versions before.

import { EllipsisVertical, FileUp, History } from "lucide-react";
import { use, useRef, useState } from "react";
import { useT } from "~/i18n";
import type { Attached } from "~/store/carried";
import { IconButton } from "~/ui/Button";
import { Menu } from "~/ui/Menu";
import { useAttach } from "./attach";
import { isLink, nameOf } from "./shown";
import { VersionsDialog } from "./VersionsDialog";
import { rootOf, VersioningContext } from "./versions";

export function FileMenu({ file, className }: { file: Attached; className?: string }) {
  const t = useT();
  const versioning = use(VersioningContext);
  const attach = useAttach();
  const chooser = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const root_id = rootOf(file);
  if (!versioning || root_id === undefined || file.kept_file || isLink(file)) return null;
  const { renew } = versioning;
  const versions = versioning.of(file);
  if (!renew && versions.length < 2) return null;
  return (
    <>
      <Menu
        label={t.common.more}
        button={
          <IconButton label={t.files.menu(nameOf(file, t))} className={className}>
            <EllipsisVertical size={15} />
          </IconButton>
        }
        choices={[
          renew && {
            label: t.files.renew,
            icon: <FileUp size={16} />,
            onChoose: () => chooser.current?.click(),
          },
          versions.length > 1 && {
            label: t.files.versions(versions.length),
            icon: <History size={16} />,
            onChoose: () => setOpen(true),
          },
        ]}
      />
      {renew && (
        <input
          ref={chooser}
          type="file"
          hidden
          aria-label={t.files.renew}
          onChange={({ target }) => {
            const [next] = attach([...(target.files ?? [])].slice(0, 1));
            if (next) renew(file, { ...next, root_id });
            target.value = "";
          }}
        />
      )}
      <VersionsDialog open={open} file={file} versions={versions} onClose={() => setOpen(false)} />
    </>
  );
}
