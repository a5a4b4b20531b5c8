// Things chosen by typing: a box with what is chosen, and a list of what was found. What is found is the caller's matter.

import * as Ariakit from "@ariakit/react";
import { X } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { useT } from "~/i18n";
import { Field, type Labelled } from "./Field";
import css from "./Picker.module.css";

export interface Option {
  id: number;
  name: string;
  /** What tells it from others. */
  note?: ReactNode;
  /** Stands before its name, so many pixels high. */
  face?: (size: 20 | 24) => ReactNode;
}

interface Props extends Labelled {
  chosen: Option[];
  onChange: (ids: number[]) => void;
  multiple?: boolean;
  /** The list stays open while several are chosen. */
  stays?: boolean;
  text: string;
  onText: (text: string) => void;
  found: Option[];
  /** Instead of a list that is empty. */
  none: string;
  placeholder?: string;
  disabled?: boolean;
  autoFocus?: boolean;
}

export function Picker(props: Props) {
  const { label, bare, hint, error, required, chosen, onChange, multiple, disabled } = props;
  const t = useT();
  const ids = chosen.map((option) => option.id);
  const full = !multiple && chosen.length > 0;
  const box = useRef<HTMLDivElement>(null);
  /** What had the focus is gone: the keys go on in what took its place. */
  const follow = (what: "button" | "input") =>
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(what)?.focus());
  return (
    <Field label={label} bare={bare} hint={hint} error={error} required={required}>
      {(tied) => (
        <div ref={box} className={`${css.box} ${error ? css.wrong : ""} ${disabled ? css.disabled : ""}`}>
          {chosen.map((option) => (
            <span
              key={option.id}
              className={[css.chosen, option.face && css.faced, disabled && css.alone]
                .filter(Boolean)
                .join(" ")}
            >
              {option.face?.(20)}
              <span className={css.name}>{option.name}</span>
              {!disabled && (
                <button
                  type="button"
                  aria-label={`${t.common.remove}: ${option.name}`}
                  onClick={() => {
                    onChange(ids.filter((other) => other !== option.id));
                    follow("input");
                  }}
                >
                  <X size={13} />
                </button>
              )}
            </span>
          ))}
          {!disabled && !full && (
            <Ariakit.ComboboxProvider value={props.text} setValue={props.onText} resetValueOnHide>
              <Ariakit.Combobox
                {...tied}
                className={css.input}
                placeholder={chosen.length === 0 ? props.placeholder : undefined}
                autoSelect
                autoFocus={props.autoFocus}
                onKeyDown={(event) => {
                  if (event.key === "Backspace" && props.text === "" && ids.length > 0)
                    onChange(ids.slice(0, -1));
                  // Whoever types fast may be done before anything is marked: that is no wish to send the form.
                  const marked = event.currentTarget.hasAttribute("aria-activedescendant");
                  if (event.key === "Enter" && props.text.trim() !== "" && !marked) event.preventDefault();
                }}
              />
              <Ariakit.ComboboxPopover
                portal
                gutter={4}
                className={css.list}
                unmountOnHide
                aria-label={typeof label === "string" ? label : undefined}
              >
                {props.found
                  .filter((option) => !ids.includes(option.id))
                  .map((option) => (
                    <Ariakit.ComboboxItem
                      key={option.id}
                      className={css.item}
                      setValueOnClick={false}
                      hideOnClick={!(multiple && props.stays)}
                      onClick={() => {
                        onChange(multiple ? [...ids, option.id] : [option.id]);
                        props.onText("");
                        if (!multiple) follow("button");
                      }}
                    >
                      {option.face?.(24)}
                      <span className={css.words}>
                        <span>{option.name}</span>
                        {option.note && <small>{option.note}</small>}
                      </span>
                    </Ariakit.ComboboxItem>
                  ))}
                {props.found.length === 0 && <div className={css.none}>{props.none}</div>}
              </Ariakit.ComboboxPopover>
            </Ariakit.ComboboxProvider>
          )}
        </div>
      )}
    </Field>
  );
}
