// A picture, large: arrows lead to the next one, Escape back.

import { ChevronLeft, ChevronRight, Download } from "lucide-react";
import { useEffect, useState } from "react";
import { useT } from "~/i18n";
import { type Attached, keyOf } from "~/store/carried";
import { IconButton } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { FileName } from "./FileName";
import { addressOf, nameOf } from "./shown";
import type { Uploads } from "./uploads";
import { useBlobAddress } from "./useUploads";
import css from "./Viewer.module.css";

interface Props {
  files: readonly Attached[];
  /** Which one is shown first, by its key. */
  first: string;
  uploads: Uploads | undefined;
  onClose: () => void;
}

export default function Viewer({ files, first, uploads, onClose }: Props) {
  const t = useT();
  const [shown, setShown] = useState(first);
  const [broken, setBroken] = useState<string>();
  const at = Math.max(
    0,
    files.findIndex((file) => keyOf(file) === shown),
  );
  const file = files[at];
  const blob = useBlobAddress(uploads, file?.kept_file);
  const go = (by: number) => {
    const next = files[at + by];
    if (next) setShown(keyOf(next));
  };
  useEffect(() => {
    // Wherever the focus is: nothing else is there to be moved.
    const onKey = ({ key }: KeyboardEvent) => {
      if (key === "ArrowLeft") go(-1);
      if (key === "ArrowRight") go(1);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
  if (!file) return null;
  const name = nameOf(file, t);
  const address = blob ?? addressOf(file, true);
  const download = addressOf(file);
  return (
    <Dialog open onClose={onClose} size="full" title={<FileName file={file} />}>
      <div className={css.viewer}>
        <div className={css.stage}>
          {broken === keyOf(file) ? (
            <p className={css.broken} role="alert">
              {t.files.notShown}
            </p>
          ) : (
            address && (
              <img
                key={keyOf(file)}
                src={address}
                alt={name}
                className={css.picture}
                onError={() => setBroken(keyOf(file))}
              />
            )
          )}
        </div>
        <div className={css.foot}>
          <IconButton label={t.files.previous} aria-disabled={at === 0} onClick={() => go(-1)}>
            <ChevronLeft size={20} />
          </IconButton>
          <span className={css.count} role="status">
            {t.files.of(at + 1, files.length)}
          </span>
          <IconButton label={t.files.next} aria-disabled={at === files.length - 1} onClick={() => go(1)}>
            <ChevronRight size={20} />
          </IconButton>
          {download && (
            <a
              className={css.download}
              href={download}
              download
              rel="noopener"
              aria-label={t.files.download(name)}
            >
              <Download size={16} aria-hidden="true" />
              {t.files.save}
            </a>
          )}
        </div>
      </div>
    </Dialog>
  );
}
