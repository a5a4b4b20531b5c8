// Files that are about to be sent: each with how far it is, and a way to leave it out.

import { TriangleAlert, X } from "lucide-react";
import { useFormat, useT } from "~/i18n";
import { type Attached, keyOf } from "~/store/carried";
import { IconButton } from "~/ui/Button";
import css from "./Chips.module.css";
import { FileName } from "./FileName";
import { KindIcon } from "./KindIcon";
import { addressOf, isDrawn, kindOf, nameOf, sizeText } from "./shown";
import type { Uploads } from "./uploads";
import { useBlobAddress, useFileState, useUploads } from "./useUploads";

interface Props {
  files: readonly Attached[];
  /** Nothing is left out where this is missing. */
  onRemove?: (file: Attached) => void;
}

export default function Chips({ files, onRemove }: Props) {
  const t = useT();
  const uploads = useUploads();
  return (
    <ul className={css.chips} aria-label={t.files.attached}>
      {files.map((file) => (
        <Chip key={keyOf(file)} file={file} uploads={uploads} onRemove={onRemove} />
      ))}
    </ul>
  );
}

function Chip({
  file,
  uploads,
  onRemove,
}: {
  file: Attached;
  uploads: Uploads | undefined;
  onRemove?: (file: Attached) => void;
}) {
  const t = useT();
  const format = useFormat();
  const { state, unkept } = useFileState(uploads, file.kept_file);
  const name = nameOf(file, t);
  const refusal = state?.state === "refused" ? state.refusal : undefined;
  const percent = state?.state === "sending" ? Math.round(state.part * 100) : undefined;
  return (
    <li className={`${css.chip} ${refusal ? css.refused : ""}`}>
      <span className={css.face}>
        <Face file={file} uploads={uploads} />
      </span>
      <span className={css.text}>
        <FileName file={file} />
        <small className={css.note}>
          {[
            file.kept_file && file.root_id !== undefined && t.files.newVersion,
            file.size !== undefined && sizeText(file.size, t, format),
            state?.state === "waits" && t.files.waits,
            percent !== undefined && t.files.sending(percent),
          ]
            .filter(Boolean)
            .join(" · ")}
        </small>
      </span>
      {onRemove && (
        <IconButton
          label={t.files.remove(name)}
          className={css.remove}
          onClick={() => {
            if (file.kept_file) void uploads?.drop([file.kept_file]);
            onRemove(file);
          }}
        >
          <X size={15} />
        </IconButton>
      )}
      {percent !== undefined && (
        <progress className={css.progress} value={percent} max={100} aria-label={name} />
      )}
      {(refusal || unkept) && (
        <p className={css.why} role="alert">
          <TriangleAlert size={13} aria-hidden="true" />
          <span>{refusal?.message ?? t.files.unkept}</span>
        </p>
      )}
    </li>
  );
}

function Face({ file, uploads }: { file: Attached; uploads: Uploads | undefined }) {
  const drawn = isDrawn(file);
  const blob = useBlobAddress(uploads, drawn ? file.kept_file : undefined);
  const address = drawn ? (blob ?? addressOf(file, true)) : undefined;
  if (address) return <img src={address} alt="" className={css.picture} width={36} height={36} />;
  return <KindIcon kind={kindOf(file)} />;
}
