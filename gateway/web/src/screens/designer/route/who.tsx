// Whom a step asks, in words.

import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { useDesigning } from "../context";
import { find, type Who } from "../model/doc";

export function useWhoName(): (who: Who) => string {
  const { designer: t } = useT();
  const format = useFormat();
  const directory = useDirectory();
  const { doc } = useDesigning();
  const field = (key: string) => {
    const found = find(doc, key)?.field;
    return found && (found.name || t.unnamed);
  };
  return (who) => {
    if (who === "author") return t.whoAuthor;
    if (who === "department_head") return t.whoHead;
    if ("person" in who) return format.person(directory.get(who.person)) || t.idOf(who.person);
    if ("field" in who) {
      const name = field(who.field);
      return name === undefined ? t.whoGone : t.whoField(name);
    }
    const name = field(who.catalog_field.field);
    return name === undefined ? t.whoGone : t.whoColumn(name, who.catalog_field.column);
  };
}
