// With what a field is compared, as its type wants it.

import { useState } from "react";
import type { Literal } from "~/expression/tree";
import { useT } from "~/i18n";
import { localOf, utcOf } from "~/ui/DateField";
import { Checkbox, Select, TextField } from "~/ui/Field";
import { PersonPicker } from "~/ui/PersonPicker";
import { useDesigning } from "../context";
import { literalFor } from "../model/condition";
import type { Choice, Field } from "../model/doc";
import css from "./conditions.module.css";

interface Props {
  field: Field | undefined;
  column: string | undefined;
  many: boolean;
  values: Literal[];
  onChange: (values: Literal[]) => void;
}

const textOf = (value: Literal | undefined): string =>
  value === undefined ? "" : value.kind === "truth" ? String(value.truth) : value.text;

export function ValueInput({ field, column, many, values, onChange }: Props) {
  const { designer: t } = useT();
  const { ids } = useDesigning();
  const kind = field ? literalFor(field, column !== undefined) : "text";
  if (kind === "person") {
    const persons = values.map((value) => Number(textOf(value))).filter((id) => Number.isInteger(id));
    return (
      <PersonPicker
        bare
        label={t.value}
        multiple={many}
        value={persons}
        onChange={(next) => onChange(next.map((id) => ({ kind: "number", text: String(id) })))}
      />
    );
  }
  if (kind === "choice" && field) {
    // By its number, which stays when it is renamed; one that is new has only its name.
    const literal = (choice: Choice): Literal => {
      const id = ids.get(choice.key);
      return id ? { kind: "number", text: String(id) } : { kind: "text", text: choice.choice_value };
    };
    const means = (choice: Choice, value: Literal) =>
      textOf(literal(choice)) === textOf(value) ||
      choice.choice_value.toLowerCase() === textOf(value).toLowerCase();
    const options = field.options ?? [];
    if (many) {
      return (
        <fieldset className={css.several}>
          <legend className="hidden">{t.value}</legend>
          {options.map((choice) => {
            const at = values.findIndex((value) => means(choice, value));
            return (
              <Checkbox
                key={choice.key}
                label={choice.choice_value || t.unnamed}
                checked={at >= 0}
                onChange={({ target }) =>
                  onChange(
                    target.checked ? [...values, literal(choice)] : values.filter((_, index) => index !== at),
                  )
                }
              />
            );
          })}
        </fieldset>
      );
    }
    const [value] = values;
    const chosen = value && options.find((choice) => means(choice, value));
    return (
      <Select
        bare
        label={t.value}
        value={chosen?.key ?? ""}
        onChange={({ target }) => {
          const choice = options.find(({ key }) => key === target.value);
          onChange(choice ? [literal(choice)] : []);
        }}
      >
        <option value="">{chosen || !value ? "—" : textOf(value)}</option>
        {options.map((choice) => (
          <option key={choice.key} value={choice.key}>
            {choice.choice_value || t.unnamed}
          </option>
        ))}
      </Select>
    );
  }
  const literal = kind === "choice" ? "text" : kind;
  if (many) return <ManyInput kind={literal} values={values} onChange={onChange} />;
  const [value] = values;
  if (literal === "date" || literal === "time" || literal === "moment") {
    const type = literal === "moment" ? "datetime-local" : literal;
    const shown = literal === "moment" && value ? localOf(textOf(value)) : textOf(value);
    return (
      <TextField
        bare
        label={t.value}
        type={type}
        value={shown}
        onChange={({ target }) => {
          const text = literal === "moment" ? utcOf(target.value) : target.value;
          onChange(text ? [{ kind: literal, text }] : []);
        }}
      />
    );
  }
  return <OneInput kind={literal} value={value} onChange={(next) => onChange(next ? [next] : [])} />;
}

/** A number as it may be written in an expression, or nothing. */
const numberOf = (typed: string): string | undefined => {
  const text = typed
    .trim()
    .replace(/[\s\u00a0]/g, "")
    .replace(",", ".");
  return /^-?\d+(\.\d+)?$/.test(text) ? text : undefined;
};

function OneInput(props: {
  kind: Literal["kind"];
  value: Literal | undefined;
  onChange: (value: Literal | undefined) => void;
}) {
  const { designer: t } = useT();
  // What is typed may be no number yet.
  const [typed, setTyped] = useState<string>();
  const said = textOf(props.value);
  const isNumber = props.kind === "number" && props.value?.kind !== "text";
  return (
    <TextField
      bare
      label={t.value}
      inputMode={isNumber ? "decimal" : undefined}
      value={typed ?? said}
      onBlur={() => setTyped(undefined)}
      onChange={({ target }) => {
        setTyped(target.value);
        const number = isNumber ? numberOf(target.value) : undefined;
        if (isNumber) props.onChange(number === undefined ? undefined : { kind: "number", text: number });
        else props.onChange(target.value ? { kind: "text", text: target.value } : undefined);
      }}
    />
  );
}

function ManyInput(props: {
  kind: Literal["kind"];
  values: Literal[];
  onChange: (values: Literal[]) => void;
}) {
  const { designer: t } = useT();
  const [typed, setTyped] = useState<string>();
  const read = (text: string): Literal[] =>
    text
      .split(";")
      .map((part) => part.trim())
      .filter(Boolean)
      .flatMap((part): Literal[] => {
        if (props.kind !== "number") return [{ kind: "text", text: part }];
        const number = numberOf(part);
        return number === undefined ? [] : [{ kind: "number", text: number }];
      });
  return (
    <TextField
      bare
      label={t.value}
      hint={t.valuesHint}
      value={typed ?? props.values.map(textOf).join("; ")}
      onBlur={() => setTyped(undefined)}
      onChange={({ target }) => {
        setTyped(target.value);
        props.onChange(read(target.value));
      }}
    />
  );
}
