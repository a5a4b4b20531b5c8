import {
  BookText,
  CircleCheck,
  CircleDot,
  LayoutGrid,
  ListTree,
  MessageSquare,
  Table2,
  User,
  Users,
} from "lucide-react";
import type { Kind } from "./found";

/** What kind of thing it is, for those who see; said in words beside it. */
export function KindIcon({ kind, closed, size = 17 }: { kind: Kind; closed?: boolean; size?: number }) {
  const Icon = closed && kind === "task" ? CircleCheck : ICONS[kind];
  return <Icon size={size} aria-hidden="true" />;
}

const ICONS = {
  task: CircleDot,
  comment: MessageSquare,
  person: User,
  role: Users,
  form: LayoutGrid,
  list: ListTree,
  catalog: Table2,
  article: BookText,
} satisfies Record<Kind, unknown>;
