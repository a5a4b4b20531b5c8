// A few things to choose from, behind one button.

import * as Ariakit from "@ariakit/react";
import { Check } from "lucide-react";
import { type ReactElement, type ReactNode, useRef } from "react";
import css from "./Menu.module.css";

export interface Choice {
  label: ReactNode;
  icon?: ReactNode;
  hint?: ReactNode;
  onChoose: () => void;
  danger?: boolean;
  disabled?: boolean;
  checked?: boolean;
}

/** `null` among the choices is a line. */
export function Menu({
  button,
  choices,
  label,
}: {
  button: ReactElement;
  choices: (Choice | null | false | undefined)[];
  label?: string;
}) {
  const opener = useRef<HTMLButtonElement>(null);
  return (
    <Ariakit.MenuProvider>
      <Ariakit.MenuButton ref={opener} render={button} />
      <Ariakit.Menu gutter={4} portal className={css.menu} aria-label={label} unmountOnHide>
        {choices.map((choice, index) =>
          choice === null ? (
            <Ariakit.MenuSeparator key={index} className={css.line} />
          ) : choice ? (
            <Ariakit.MenuItem
              key={index}
              className={`${css.item} ${choice.danger ? css.danger : ""}`}
              disabled={choice.disabled}
              onClick={() => {
                // What opens now gives the focus back to what will still be there then.
                opener.current?.focus();
                choice.onChoose();
              }}
            >
              {choice.icon}
              <span className={css.label}>{choice.label}</span>
              {choice.hint && <span className={css.hint}>{choice.hint}</span>}
              {choice.checked && <Check size={15} />}
            </Ariakit.MenuItem>
          ) : null,
        )}
      </Ariakit.Menu>
    </Ariakit.MenuProvider>
  );
}
