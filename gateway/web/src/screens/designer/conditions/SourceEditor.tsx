// An expression as text, with its mistake marked where it is, and fields put in by name.

import { useRef } from "react";
import { printField } from "~/expression/print";
import { useT } from "~/i18n";
import { TextArea } from "~/ui/Field";
import { useDesigning, useFlawText } from "../context";
import { flawIn } from "../model/check";
import { find } from "../model/doc";
import * as edit from "../model/edit";
import { reference } from "./ConditionEditor";
import css from "./conditions.module.css";
import { FieldSelect } from "./FieldSelect";

interface Props {
  label: string;
  source: string;
  onChange: (source: string) => void;
  error?: string;
  hint?: string;
  without?: string;
  placeholder?: string;
}

export function SourceEditor({ label, source, onChange, error, hint, without, placeholder }: Props) {
  const { designer: t } = useT();
  const { doc, ids, design } = useDesigning();
  const text = useFlawText();
  const area = useRef<HTMLTextAreaElement>(null);
  const flaw = source ? flawIn(doc, ids, source) : undefined;
  const at = flaw?.fault?.at;
  const characters = [...source];
  const put = (key: string) => {
    const field = find(doc, key)?.field;
    if (!field) return;
    const ref = reference(field, ids, (code) => design.edit((now) => edit.change(now, key, { code })))(doc);
    const place = area.current?.selectionStart ?? source.length;
    const before = source.slice(0, place);
    const gap = before && !/[\s(]$/.test(before) ? " " : "";
    onChange(`${before}${gap}${printField(ref)}${source.slice(place)}`);
    area.current?.focus();
  };
  return (
    <div className={css.source}>
      <TextArea
        bare
        label={label}
        ref={area}
        className={css.code}
        rows={3}
        spellCheck={false}
        value={source}
        placeholder={placeholder}
        hint={hint}
        error={flaw ? text(flaw) : error}
        onChange={({ target }) => onChange(target.value)}
      />
      {at !== undefined && (
        <code className={css.place} aria-hidden="true">
          {characters.slice(Math.max(0, at - 16), at).join("")}
          <mark>{characters[at] ?? "\u2009"}</mark>
          {characters.slice(at + 1, at + 16).join("")}
        </code>
      )}
      <FieldSelect
        label={t.insertField}
        value={undefined}
        unknown={t.insertField}
        without={without}
        onChange={put}
      />
      <details className={css.help}>
        <summary>{t.language}</summary>
        <p>{t.languageHint}</p>
      </details>
    </div>
  );
}
