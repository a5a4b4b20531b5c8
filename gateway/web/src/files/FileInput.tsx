// Files to be chosen: by a button, by dropping them here, or by pasting a picture.

import { Paperclip } from "lucide-react";
import { useId, useRef } from "react";
import { useT } from "~/i18n";
import type { Attached } from "~/store/carried";
import { Button } from "~/ui/Button";
import { toast } from "~/ui/toast";
import { FILES_MAX, useAttach, useDrop } from "./attach";
import Chips from "./Chips";
import css from "./FileInput.module.css";

export interface FileInputProps {
  label: string;
  hint?: string;
  error?: string;
  required?: boolean;
  disabled?: boolean;
  /** The label is heard, not seen. */
  bare?: boolean;
  autoFocus?: boolean;
  files: readonly Attached[];
  onChange: (files: Attached[]) => void;
}

export default function FileInput(props: FileInputProps) {
  const { label, hint, error, required, disabled, bare, autoFocus, files, onChange } = props;
  const t = useT();
  const id = useId();
  const attach = useAttach();
  const chooser = useRef<HTMLInputElement>(null);
  const add = (chosen: File[]) => {
    if (disabled) return;
    const room = chosen.slice(0, FILES_MAX - files.length);
    if (room.length < chosen.length) toast(t.files.most(FILES_MAX), { tone: "bad" });
    if (room.length > 0) onChange([...files, ...attach(room)]);
  };
  const drop = useDrop(add);
  const told = [hint && !bare && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <fieldset
      className={`${css.field} ${drop.over ? css.over : ""}`}
      aria-describedby={told || undefined}
      {...drop.listens}
    >
      <legend className={bare ? "hidden" : css.label}>
        {label}
        {required && (
          <span className={css.required} aria-hidden="true">
            {" *"}
          </span>
        )}
      </legend>
      {files.length > 0 && (
        <Chips
          files={files}
          onRemove={disabled ? undefined : (file) => onChange(files.filter((other) => other !== file))}
        />
      )}
      {!disabled && (
        <div className={css.ways}>
          <Button
            size="s"
            icon={<Paperclip size={15} />}
            autoFocus={autoFocus}
            aria-describedby={told || undefined}
            onClick={() => chooser.current?.click()}
          >
            {t.files.attach}
          </Button>
          {!bare && <span className={css.drop}>{t.files.drop}</span>}
          <input
            ref={chooser}
            type="file"
            multiple
            hidden
            aria-label={label}
            onChange={({ target }) => {
              add([...(target.files ?? [])]);
              // The same one may be chosen again after it was left out.
              target.value = "";
            }}
          />
        </div>
      )}
      {hint && !bare && (
        <div id={`${id}-hint`} className={css.hint}>
          {hint}
        </div>
      )}
      {error && (
        <div id={`${id}-error`} className={css.error} role="alert">
          {error}
        </div>
      )}
    </fieldset>
  );
}
