// What stands in the controls of a form, by field: texts as they are typed, chosen things by their ids. The dialect's shapes for
// reading are turned into these and back by `write.ts`.

import type { TemplateField } from "~/api/types";
import type { Attached } from "~/store/carried";

/** One item of a catalog as it is shown when it is chosen. */
export interface Item {
  id: number;
  values: string[];
}

/** A row of a table. Its id stays while the task is there. */
export interface Row {
  row_id: number;
  cells: Values;
}

export interface Due {
  value: string;
  /** Minutes. */
  duration?: number;
}

/** What one field holds; nothing is `undefined`. */
export type Input =
  /** Texts, and numbers as they are typed, every digit. */
  | { kind: "text"; text: string }
  /** Checkmarks, and those of sections; of a flag `undefined` is none. */
  | { kind: "checked"; checked: boolean }
  | { kind: "due"; due: Due }
  | { kind: "person"; id: number }
  | { kind: "choices"; ids: number[] }
  | { kind: "items"; headers: string[]; items: Item[] }
  | { kind: "tasks"; ids: number[]; subject?: string }
  | { kind: "files"; files: Attached[] }
  | { kind: "rows"; rows: Row[] };

/** By field id, those within sections and choices beside all others. */
export type Values = Readonly<Record<number, Input | undefined>>;

export const isEmpty = (input: Input | undefined): boolean => {
  if (!input) return true;
  switch (input.kind) {
    case "text":
      return input.text.trim() === "";
    case "checked":
    case "person":
      return false;
    case "due":
      return input.due.value === "";
    case "choices":
    case "tasks":
      return input.ids.length === 0;
    case "items":
      return input.items.length === 0;
    case "files":
      return input.files.length === 0;
    case "rows":
      return input.rows.length === 0;
  }
};

export const textOf = (input: Input | undefined): string => (input?.kind === "text" ? input.text : "");
export const isChecked = (input: Input | undefined): boolean => input?.kind === "checked" && input.checked;
export const choicesOf = (input: Input | undefined): number[] => (input?.kind === "choices" ? input.ids : []);
export const filesOf = (input: Input | undefined): Attached[] => (input?.kind === "files" ? input.files : []);
export const rowsOf = (input: Input | undefined): Row[] => (input?.kind === "rows" ? input.rows : []);

/** Nobody fills it in: it tells of the task, follows from others, or is a text of the form. */
export const isTold = (field: TemplateField): boolean => TOLD.has(field.type) || Boolean(field.info.formula);

const TOLD = new Set<string>(["step", "status", "creation_date", "author", "note", "project", "button"]);

/** A field of a form and where it stands. */
export interface Placed {
  field: TemplateField;
  /** The section, choice field or table that it lies in. */
  parent?: Placed;
  /** The choice that shows it. */
  choice?: number;
}

/** Every field of a form, those that hold others before what they hold. */
export function placed(fields: readonly TemplateField[] | null | undefined, parent?: Placed): Placed[] {
  return (fields ?? []).flatMap((field) => {
    const own: Placed = { field, parent };
    const { info } = field;
    return [
      own,
      ...placed(info.fields, own),
      ...placed(info.columns, own),
      ...(info.options ?? []).flatMap((option) =>
        placed(option.fields, own).map((inner) =>
          inner.parent === own ? { ...inner, choice: option.choice_id } : inner,
        ),
      ),
    ];
  });
}

export const isCell = ({ parent }: Placed): boolean => parent?.field.type === "table";
