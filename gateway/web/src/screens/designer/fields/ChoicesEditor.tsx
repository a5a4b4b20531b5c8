// The choices of a field: named, put in order, taken out, or pasted many at once.

import { ArrowDown, ArrowUp, Ellipsis, ListPlus, Plus, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useT } from "~/i18n";
import { Button, IconButton } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { TextArea, TextField } from "~/ui/Field";
import { Menu } from "~/ui/Menu";
import { useDesigning, useFlawsOf } from "../context";
import type { Choice, Field } from "../model/doc";
import * as edit from "../model/edit";
import css from "./Properties.module.css";

export function ChoicesEditor({ field }: { field: Field }) {
  const { designer: t, common } = useT();
  const { design } = useDesigning();
  const flaw = useFlawsOf({ field: field.key });
  const [many, setMany] = useState<string>();
  const list = useRef<HTMLUListElement>(null);
  const [focused, setFocused] = useState<string>();
  const options = field.options ?? [];
  const set = (next: Choice[], tag?: string) =>
    design.edit((now) => edit.change(now, field.key, { options: next }), tag && `${field.key} ${tag}`);
  const put = (choice: Choice, index: number) => {
    set([...options.slice(0, index), choice, ...options.slice(index)]);
    setFocused(choice.key);
  };
  const move = (index: number, by: number) => {
    const next = [...options];
    const [choice] = next.splice(index, 1);
    if (choice) next.splice(index + by, 0, choice);
    set(next);
  };
  useEffect(() => {
    if (!focused) return;
    list.current?.querySelector<HTMLInputElement>(`[data-choice="${CSS.escape(focused)}"] input`)?.select();
    setFocused(undefined);
  }, [focused]);
  return (
    <section className={css.choices}>
      <h3>{t.choices}</h3>
      <ul className={css.choices} ref={list}>
        {options.map((choice, index) => (
          <li key={choice.key} className={css.choice} data-choice={choice.key}>
            <TextField
              bare
              label={`${t.choice} ${index + 1}`}
              value={choice.choice_value}
              maxLength={200}
              onChange={({ target }) =>
                set(
                  options.map((one) => (one === choice ? { ...one, choice_value: target.value } : one)),
                  choice.key,
                )
              }
              onKeyDown={(event) => {
                if (event.key !== "Enter") return;
                event.preventDefault();
                put(edit.freshChoice(t.choiceName(options.length + 1)), index + 1);
              }}
            />
            <Menu
              label={choice.choice_value}
              button={
                <IconButton label={`${common.more}: ${choice.choice_value}`}>
                  <Ellipsis size={16} />
                </IconButton>
              }
              choices={[
                {
                  label: t.moveUp,
                  icon: <ArrowUp size={16} />,
                  disabled: index === 0,
                  onChoose: () => move(index, -1),
                },
                {
                  label: t.moveDown,
                  icon: <ArrowDown size={16} />,
                  disabled: index === options.length - 1,
                  onChoose: () => move(index, 1),
                },
                null,
                {
                  label: common.remove,
                  icon: <Trash2 size={16} />,
                  danger: true,
                  onChoose: () => set(options.filter((one) => one !== choice)),
                },
              ]}
            />
          </li>
        ))}
      </ul>
      {flaw("options") && (
        <p className={css.error} role="alert">
          {flaw("options")}
        </p>
      )}
      <div className={css.choiceTools}>
        <Button
          size="s"
          kind="quiet"
          icon={<Plus size={15} />}
          onClick={() => put(edit.freshChoice(t.choiceName(options.length + 1)), options.length)}
        >
          {t.addChoice}
        </Button>
        <Button size="s" kind="quiet" icon={<ListPlus size={15} />} onClick={() => setMany("")}>
          {t.addMany}
        </Button>
      </div>
      <Dialog
        open={many !== undefined}
        onClose={() => setMany(undefined)}
        title={t.addMany}
        size="s"
        foot={
          <>
            <Button onClick={() => setMany(undefined)}>{common.cancel}</Button>
            <Button
              kind="primary"
              onClick={() => {
                set([...options, ...edit.choicesFrom(many ?? "", options)]);
                setMany(undefined);
              }}
            >
              {common.add}
            </Button>
          </>
        }
      >
        <TextArea
          label={t.choices}
          hint={t.addManyHint}
          rows={8}
          value={many ?? ""}
          onChange={({ target }) => setMany(target.value)}
        />
      </Dialog>
    </section>
  );
}
