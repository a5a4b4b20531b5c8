import { Lock } from "lucide-react";
import { colorOf } from "./color";
import css from "./Lists.module.css";
import type { List } from "./tree";

/** A list's colour, and a lock on what not everybody sees. */
export function Dot({ list }: { list: List }) {
  const color = colorOf(list.color);
  return (
    <span className={css.dot} style={color ? { color } : undefined} aria-hidden="true">
      <i />
      {list.list_type !== "org_wide" && <Lock size={9} strokeWidth={3} />}
    </span>
  );
}
