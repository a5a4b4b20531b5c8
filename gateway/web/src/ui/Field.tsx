// A labelled control with its hint and its error, tied together for those who hear them.

import {
  type ChangeEvent,
  type InputHTMLAttributes,
  type InvalidEvent,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { type Messages, useT } from "~/i18n";
import css from "./Field.module.css";

export interface Labelled {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  /** The label is heard, not seen. */
  bare?: boolean;
}

/** The frame of a control: `children` is given what ties it to label, hint and error. */
export function Field({
  label,
  hint,
  error,
  required,
  bare,
  children,
}: Labelled & {
  children: (tied: {
    id: string;
    "aria-describedby"?: string;
    "aria-invalid"?: true;
    "aria-required"?: true;
  }) => ReactNode;
}) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={css.field}>
      <label htmlFor={id} className={bare ? "hidden" : css.label}>
        {label}
        {required && (
          <span className={css.required} aria-hidden="true">
            {" *"}
          </span>
        )}
      </label>
      {children({
        id,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
        "aria-required": required || undefined,
      })}
      {hint && (
        <div id={`${id}-hint`} className={css.hint}>
          {hint}
        </div>
      )}
      {error && (
        <div id={`${id}-error`} className={css.error} role="alert">
          {error}
        </div>
      )}
    </div>
  );
}

type Control = HTMLInputElement | HTMLTextAreaElement;

/** What the browser minds when a form is sent, in the app's words and at the field; it goes as one types. */
function useMinded<C extends Control>(own: {
  onChange?: (event: ChangeEvent<C>) => void;
  onInvalid?: (event: InvalidEvent<C>) => void;
}) {
  const t = useT();
  const [minded, setMinded] = useState<string>();
  return {
    minded,
    on: {
      onInvalid: (event: InvalidEvent<C>) => {
        const control = event.currentTarget;
        event.preventDefault();
        setMinded(inWords(control, t));
        if (control.form?.querySelector(":invalid:not(fieldset)") === control) control.focus();
        own.onInvalid?.(event);
      },
      onChange: (event: ChangeEvent<C>) => {
        setMinded(undefined);
        own.onChange?.(event);
      },
    },
  };
}

function inWords({ validity, type, minLength, validationMessage }: Control, t: Messages): string {
  if (validity.valueMissing) return t.fields.wrong.required;
  if (validity.tooShort) return t.fields.wrong.tooShort(minLength);
  if (validity.typeMismatch && type === "email") return t.fields.wrong.email;
  return validationMessage;
}

type InputProps = Labelled & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> };

export function TextField({ label, hint, error, required, bare, ...rest }: InputProps) {
  const { minded, on } = useMinded(rest);
  return (
    <Field label={label} hint={hint} error={error ?? minded} required={required} bare={bare}>
      {(tied) => (
        <input
          autoComplete="off"
          required={required}
          {...rest}
          className={rest.className ? `${css.input} ${rest.className}` : css.input}
          {...on}
          {...tied}
          // A dialog gives the focus to what says so.
          data-autofocus={rest.autoFocus || undefined}
        />
      )}
    </Field>
  );
}

type AreaProps = Labelled & TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> };

/** Grows with what is written, from `rows` on. */
export function TextArea({ label, hint, error, required, bare, rows = 3, ...rest }: AreaProps) {
  const { minded, on } = useMinded(rest);
  const own = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const area = own.current;
    if (!area || CSS.supports("field-sizing", "content")) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }, [rest.value]);
  return (
    <Field label={label} hint={hint} error={error ?? minded} required={required} bare={bare}>
      {(tied) => (
        <textarea
          rows={rows}
          // What follows its content heeds no rows by itself.
          style={{ minHeight: `calc(${rows} * 1lh + var(--s4))` }}
          required={required}
          {...rest}
          {...on}
          {...tied}
          data-autofocus={rest.autoFocus || undefined}
          ref={rest.ref ?? own}
          className={`${css.input} ${css.area} ${rest.className ?? ""}`}
        />
      )}
    </Field>
  );
}

type SelectProps = Labelled & SelectHTMLAttributes<HTMLSelectElement> & { ref?: Ref<HTMLSelectElement> };

export function Select({ label, hint, error, required, bare, children, ...rest }: SelectProps) {
  return (
    <Field label={label} hint={hint} error={error} required={required} bare={bare}>
      {(tied) => (
        <select className={`${css.input} ${css.select}`} {...rest} {...tied}>
          {children}
        </select>
      )}
    </Field>
  );
}

export function Checkbox({
  label,
  hint,
  ...rest
}: { label: ReactNode; hint?: ReactNode } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className={css.check}>
      <input type="checkbox" id={id} {...rest} aria-describedby={hint ? `${id}-hint` : undefined} />
      <label htmlFor={id}>
        {label}
        {hint && (
          <span id={`${id}-hint`} className={css.hint}>
            {hint}
          </span>
        )}
      </label>
    </div>
  );
}
