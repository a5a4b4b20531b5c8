// The files of a comment or a field: pictures are seen, everything else is a row that says what it is. Nothing of a file runs here: it is
// downloaded, or drawn as a picture.

import { Download } from "lucide-react";
import { Fragment, type ReactNode, useState } from "react";
import { lazily } from "~/app/lazily";
import { useFormat, useT } from "~/i18n";
import { type Attached, keyOf } from "~/store/carried";
import css from "./Attachments.module.css";
import { FileMenu } from "./FileMenu";
import { FileName } from "./FileName";
import { KindIcon } from "./KindIcon";
import { PLACE } from "./place";
import { addressOf, isDrawn, isLink, kindOf, nameOf, sizeText } from "./shown";
import type { Uploads } from "./uploads";
import { useBlobAddress, useFileState, useUploads } from "./useUploads";

const Viewer = lazily(() => import("./Viewer"));

export default function Attachments({ files }: { files: readonly Attached[] }) {
  const t = useT();
  const [shown, setShown] = useState<string>();
  const kept = files.some(({ kept_file }) => kept_file);
  const pictures = files.filter(isDrawn);
  const rest = files.filter((file) => !isDrawn(file));
  const Frame = kept ? WithUploads : WithoutUploads;
  return (
    <Frame>
      {(uploads) => (
        <div className={css.files}>
          {pictures.length > 0 && (
            <ul className={css.pictures} aria-label={t.files.attached}>
              {pictures.map((file) => (
                <li key={keyOf(file)}>
                  <Picture file={file} uploads={uploads} onShow={() => setShown(keyOf(file))} />
                  <FileMenu file={file} className={css.over} />
                </li>
              ))}
            </ul>
          )}
          {rest.length > 0 && (
            <ul className={css.rows} aria-label={t.files.attached}>
              {rest.map((file) => (
                <li key={keyOf(file)}>
                  <Row file={file} uploads={uploads} />
                  <FileMenu file={file} />
                </li>
              ))}
            </ul>
          )}
          {shown !== undefined && (
            <Viewer files={pictures} first={shown} uploads={uploads} onClose={() => setShown(undefined)} />
          )}
        </div>
      )}
    </Frame>
  );
}

type Inner = { children: (uploads: Uploads | undefined) => ReactNode };
const WithoutUploads = ({ children }: Inner) => <Fragment>{children(undefined)}</Fragment>;
/** What is not sent yet wants what carries it. */
function WithUploads({ children }: Inner) {
  return <Fragment>{children(useUploads())}</Fragment>;
}

function Picture({
  file,
  uploads,
  onShow,
}: {
  file: Attached;
  uploads: Uploads | undefined;
  onShow: () => void;
}) {
  const t = useT();
  const blob = useBlobAddress(uploads, file.kept_file);
  const address = blob ?? addressOf(file, true);
  const name = nameOf(file, t);
  const [broken, setBroken] = useState(false);
  if (broken) return <Row file={file} uploads={uploads} />;
  return (
    <button type="button" className={css.picture} onClick={onShow} title={name}>
      {address ? (
        <img
          src={address}
          alt={name}
          width={PLACE.width}
          height={PLACE.height}
          loading="lazy"
          decoding="async"
          onError={() => setBroken(true)}
        />
      ) : (
        <span className={css.waiting}>
          <span className="hidden">{name}</span>
          <KindIcon kind="picture" size={24} />
        </span>
      )}
      {(file.version ?? 1) > 1 && <span className={css.version}>{t.files.version(file.version ?? 1)}</span>}
      <Sent file={file} uploads={uploads} />
    </button>
  );
}

/** How far a file is that is not sent yet. */
function Sent({ file, uploads }: { file: Attached; uploads: Uploads | undefined }) {
  const t = useT();
  const { state } = useFileState(uploads, file.kept_file);
  if (state?.state !== "sending") return null;
  return <span className={css.sent}>{t.files.sending(Math.round(state.part * 100))}</span>;
}

function Row({ file, uploads }: { file: Attached; uploads: Uploads | undefined }) {
  const t = useT();
  const format = useFormat();
  const address = addressOf(file);
  const link = isLink(file);
  const note = [
    link && t.files.link,
    file.size !== undefined && sizeText(file.size, t, format),
    (file.version ?? 1) > 1 && t.files.version(file.version ?? 1),
  ].filter(Boolean);
  const inside = (
    <>
      <span className={css.icon}>
        <KindIcon kind={kindOf(file)} />
      </span>
      <FileName file={file} />
      <span className={css.note}>
        {note.join(" · ")}
        <Sent file={file} uploads={uploads} />
      </span>
      {address && !link && <Download size={15} className={css.icon} aria-hidden="true" />}
    </>
  );
  if (!address) return <span className={css.row}>{inside}</span>;
  return (
    <a
      className={css.row}
      href={address}
      {...(link ? { target: "_blank", rel: "noopener noreferrer" } : { download: "", rel: "noopener" })}
    >
      <span className="hidden">{link ? t.files.follow : t.files.save} </span>
      {inside}
    </a>
  );
}
