// Every action by its name, from anywhere: Ctrl-K.

import * as Ariakit from "@ariakit/react";
import { useDeferredValue, useState } from "react";
import { useT } from "~/i18n";
import { type Action, useActions, useOffered } from "./actions";
import css from "./Palette.module.css";

export function Palette() {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const asked = useDeferredValue(text);
  const offered = useOffered();
  useActions([
    { id: "palette", label: t.common.search, keys: "$mod+k", whileTyping: true, run: () => setOpen(!open) },
  ]);
  const close = () => {
    setOpen(false);
    setText("");
  };
  const found = matching(offered, asked);
  return (
    <Ariakit.Dialog
      open={open}
      onClose={close}
      unmountOnHide
      className={css.palette}
      backdrop={<div className={css.backdrop} />}
      aria-label={t.common.search}
    >
      <Ariakit.ComboboxProvider
        open
        setOpen={(next) => !next && close()}
        value={text}
        setValue={setText}
        includesBaseElement={false}
      >
        <Ariakit.Combobox
          autoSelect
          className={css.input}
          placeholder={t.common.search}
          aria-label={t.common.search}
        />
        <Ariakit.ComboboxList className={css.list} alwaysVisible aria-label={t.common.search}>
          {found.map((action) => (
            <Ariakit.ComboboxItem
              key={action.id}
              className={css.item}
              hideOnClick={false}
              focusOnHover
              onClick={() => {
                close();
                action.run();
              }}
            >
              <span>{action.label}</span>
              {action.keys && <kbd>{shown(action.keys)}</kbd>}
            </Ariakit.ComboboxItem>
          ))}
        </Ariakit.ComboboxList>
      </Ariakit.ComboboxProvider>
    </Ariakit.Dialog>
  );
}

/** Those whose words begin with what was typed, all of it, in any order. Pure. */
export function matching(actions: readonly Action[], text: string): Action[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const unique = [...new Map(actions.map((action) => [action.id, action])).values()].filter(
    ({ id }) => id !== "palette",
  );
  if (words.length === 0) return unique.reverse();
  return unique
    .filter((action) => {
      const own = `${action.label} ${action.words ?? ""}`.toLocaleLowerCase().split(/[\s,.:;/]+/);
      return words.every((word) => own.some((part) => part.startsWith(word)));
    })
    .reverse();
}

function shown(keys: string): string {
  const mac = navigator.platform.startsWith("Mac");
  return keys
    .replace("$mod", mac ? "⌘" : "Ctrl")
    .replaceAll("+", mac ? "" : "+")
    .replaceAll(" ", " ");
}
