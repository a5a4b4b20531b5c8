// Persons and roles chosen by typing the beginning of a name.

import * as Ariakit from "@ariakit/react";
import { X } from "lucide-react";
import { type ReactNode, useDeferredValue, useId, useRef, useState } from "react";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { Avatar } from "./Avatar";
import css from "./PersonPicker.module.css";

interface Props {
  label: ReactNode;
  /** The label is heard, not seen. */
  bare?: boolean;
  value: readonly number[];
  onChange: (ids: number[]) => void;
  /** More than one. */
  multiple?: boolean;
  /** Roles may be chosen as well. */
  roles?: boolean;
  people?: boolean;
  /** Who cannot be chosen. */
  without?: readonly number[];
  placeholder?: string;
  error?: ReactNode;
  required?: boolean;
  disabled?: boolean;
  autoFocus?: boolean;
}

export function PersonPicker(props: Props) {
  const {
    label,
    bare,
    value,
    onChange,
    multiple,
    roles = true,
    people = true,
    without = [],
    placeholder,
    error,
    required,
    disabled,
  } = props;
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const id = useId();
  const [text, setText] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const asked = useDeferredValue(text);
  const found = directory
    .search(asked, { roles, people })
    .filter((person) => !value.includes(person.id) && !without.includes(person.id));
  const choose = (person: number) => {
    onChange(multiple ? [...value, person] : [person]);
    setText("");
    if (!multiple) follow("button");
  };
  /** What had the focus is gone: the keys go on in what took its place. */
  const follow = (what: "button" | "input") =>
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(what)?.focus());
  const full = !multiple && value.length > 0;
  return (
    <div className={css.picker}>
      <label htmlFor={id} className={bare ? "hidden" : css.label}>
        {label}
        {required && <span aria-hidden="true"> *</span>}
      </label>
      <div ref={box} className={`${css.box} ${error ? css.wrong : ""} ${disabled ? css.disabled : ""}`}>
        {value.map((chosen) => {
          const person = directory.get(chosen) ?? { id: chosen, first_name: `№ ${chosen}`, type: "user" };
          return (
            <span key={chosen} className={css.chosen}>
              <Avatar person={person} size={20} />
              <span>{format.person(person)}</span>
              {!disabled && (
                <button
                  type="button"
                  aria-label={`${t.common.remove}: ${format.person(person)}`}
                  onClick={() => {
                    onChange(value.filter((other) => other !== chosen));
                    follow("input");
                  }}
                >
                  <X size={13} />
                </button>
              )}
            </span>
          );
        })}
        {!disabled && !full && (
          <Ariakit.ComboboxProvider value={text} setValue={setText} resetValueOnHide>
            <Ariakit.Combobox
              id={id}
              className={css.input}
              placeholder={value.length === 0 ? placeholder : undefined}
              autoSelect
              autoFocus={props.autoFocus}
              aria-invalid={error ? true : undefined}
              aria-describedby={error ? `${id}-error` : undefined}
              aria-required={required || undefined}
              onKeyDown={(event) => {
                if (event.key === "Backspace" && text === "" && value.length > 0)
                  onChange(value.slice(0, -1));
              }}
            />
            <Ariakit.ComboboxPopover
              portal
              gutter={4}
              sameWidth
              className={css.list}
              unmountOnHide
              aria-label={typeof label === "string" ? label : undefined}
            >
              {found.map((person) => (
                <Ariakit.ComboboxItem
                  key={person.id}
                  className={css.item}
                  setValueOnClick={false}
                  hideOnClick
                  onClick={() => choose(person.id)}
                >
                  <Avatar person={person} size={24} />
                  <span className={css.name}>
                    {format.person(person)}
                    {(person.position || person.department_name) && (
                      <small>{[person.position, person.department_name].filter(Boolean).join(" · ")}</small>
                    )}
                  </span>
                </Ariakit.ComboboxItem>
              ))}
              {found.length === 0 && <div className={css.none}>{t.common.nobodyFound}</div>}
            </Ariakit.ComboboxPopover>
          </Ariakit.ComboboxProvider>
        )}
      </div>
      {error && (
        <div id={`${id}-error`} className={css.error} role="alert">
          {error}
        </div>
      )}
    </div>
  );
}
