// What kind of file it is, at a glance.

import {
  File,
  FileArchive,
  FileHeadphone,
  FileImage,
  FilePlay,
  FileSpreadsheet,
  FileText,
  Link2,
} from "lucide-react";
import type { Kind } from "./shown";

const ICONS = {
  picture: FileImage,
  text: FileText,
  sheet: FileSpreadsheet,
  archive: FileArchive,
  sound: FileHeadphone,
  film: FilePlay,
  link: Link2,
  other: File,
} satisfies Record<Kind, unknown>;

export function KindIcon({ kind, size = 18 }: { kind: Kind; size?: number }) {
  const Icon = ICONS[kind];
  return <Icon size={size} aria-hidden="true" />;
}
