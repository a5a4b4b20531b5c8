// A condition as a person would say it: fields and choices by their names, comparisons in words. What rows cannot say stays as it is
// written.

import { tried } from "~/expression/parse";
import { printField } from "~/expression/print";
import type { Literal } from "~/expression/tree";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { useDesigning } from "../context";
import { named } from "../model/check";
import { type Group, isGroup, literalFor, type Row, rowsOf } from "../model/condition";
import type { Doc, Field, Ids } from "../model/doc";

/** `of`: the definition that it belongs to, where that is not the draft. */
export function useInWords(of?: { doc: Doc; ids: Ids }): (source: string) => string {
  const { designer: t } = useT();
  const format = useFormat();
  const directory = useDirectory();
  const draft = useDesigning();
  const { doc, ids } = of ?? draft;

  const value = (field: Field | undefined, column: string | undefined, literal: Literal): string => {
    if (literal.kind === "truth") return String(literal.truth);
    if (literal.kind === "date") return format.day(literal.text);
    if (literal.kind === "moment") return format.full(literal.text);
    const kind = field && literalFor(field, column !== undefined);
    if (kind === "choice")
      return (
        field?.options?.find(({ key }) => String(ids.get(key)) === literal.text)?.choice_value ?? literal.text
      );
    if (kind === "person") return format.person(directory.get(Number(literal.text))) || literal.text;
    return literal.text;
  };
  const row = ({ field: ref, operator, values }: Row): string => {
    const field = named(doc, ids, ref);
    const name = field ? [field.name || t.unnamed, ref.column].filter(Boolean).join(", ") : printField(ref);
    const isDate = values[0]?.kind === "date" || values[0]?.kind === "moment";
    const compared = (isDate && t.dateOperators[operator]) || t.operators[operator];
    return [name, compared, values.map((one) => value(field, ref.column, one)).join(", ")]
      .filter(Boolean)
      .join(" ");
  };
  const group = ({ join, parts }: Group): string =>
    parts
      .map((part) => (isGroup(part) ? `(${group(part)})` : row(part)))
      .join(` ${join === "all" ? t.and : t.or} `);
  return (source) => {
    const { node } = tried(source);
    const rows = node && rowsOf(node);
    return rows ? group(rows) : source;
  };
}
