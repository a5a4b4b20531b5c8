// A draft as the fields of a form that can be filled in: what is new gets the ids that the server would give it.

import type { TemplateField } from "~/api/types";
import { type Doc, type Field, foreseenIds, type Ids } from "../model/doc";
import type { Definition } from "../model/wire";

export interface Template {
  fields: TemplateField[];
  /** By the keys of fields. */
  ids: ReadonlyMap<string, number>;
}

export function templateOf(doc: Doc, known: Ids, server: Definition): Template {
  const ids = new Map<string, number>();
  for (const [id, key] of foreseenIds(doc, known, server)) ids.set(key, id);
  const list = (fields: Field[], parent?: number): TemplateField[] =>
    fields.map((field) => one(field, parent));
  const one = (field: Field, parent_id: number | undefined): TemplateField => {
    const id = ids.get(field.key) ?? 0;
    let last = Math.max(0, ...(field.options ?? []).map(({ key }) => known.get(key) ?? 0));
    return {
      id,
      type: field.type,
      name: field.name,
      code: field.code,
      tooltip: field.tooltip,
      parent_id,
      default_value: field.default_value,
      visibility_condition: field.visible_if ? { expression: field.visible_if } : undefined,
      info: {
        code: field.code,
        required_step: field.required_step,
        immutable_step: field.immutable_step,
        form_id: field.form_id,
        catalog_id: field.catalog_id,
        decimal_places: field.decimal_places,
        multiple_choice: field.multiple,
        multiline: field.multiline,
        ...(field.formula && { formula: field.formula }),
        ...(field.checkmark && { checkmark: true }),
        fields: field.fields && list(field.fields, id),
        columns: field.columns && list(field.columns, id),
        options: field.options?.map((choice) => {
          const given = known.get(choice.key);
          if (!given) last += 1;
          return {
            choice_id: given || last,
            choice_value: choice.choice_value,
            code: choice.code,
            fields: list(choice.fields, id),
          };
        }),
      },
    } as TemplateField;
  };
  return { fields: list(doc.fields), ids };
}
