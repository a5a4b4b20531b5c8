// What Ctrl-K opens: tasks, people, forms and lists that are found while one types, and every action with its key.

import * as Ariakit from "@ariakit/react";
import { ArrowRight, CornerDownLeft, History, Search } from "lucide-react";
import { type ReactNode, useDeferredValue, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { useFormat, useT } from "~/i18n";
import { addressOf, type Found, useQuickSearch } from "~/screens/search/found";
import { KindIcon } from "~/screens/search/KindIcon";
import { useDirectory } from "~/store/directory";
import { Avatar } from "~/ui/Avatar";
import { Marked } from "~/ui/Marked";
import { Spinner } from "~/ui/Spinner";
import { type Action, useOffered } from "./actions";
import { Keys } from "./Keys";
import { grouped, matching } from "./matching";
import type { Opened } from "./Palette";
import css from "./Palette.module.css";

/** What is not listed: what it opens is what one looks at. */
const HIDDEN = new Set(["palette"]);
const FOUND = 8;
const PEOPLE = 3;
/** How long typing may pause before it is asked, in milliseconds. */
const PAUSE = 120;

export default function PaletteDialog({
  first,
  opened,
  onClose,
}: {
  /** What was typed before this was loaded. */
  first: string;
  opened: readonly Opened[];
  onClose: () => void;
}) {
  const t = useT();
  const format = useFormat();
  const [at, go] = useLocation();
  const [text, setText] = useState(first);
  const typed = useDeferredValue(text);
  const asked = usePaused(text, PAUSE);
  const offered = useOffered().filter(({ id }) => !HIDDEN.has(id));
  const directory = useDirectory();
  const { data, isFetching } = useQuickSearch(asked, FOUND);
  const question = typed.trim();

  const actions = matching(offered, question);
  const words = question.toLocaleLowerCase().split(/\s+/);
  const named = (name: string) => {
    const own = name.toLocaleLowerCase().split(/[\s-]+/);
    return words.every((word) => own.some((part) => part.startsWith(word)));
  };
  const people =
    question.length > 1
      ? directory
          .search(question, { roles: false })
          .filter((person) => named(format.person(person)))
          .slice(0, PEOPLE)
      : [];
  const known = new Set(people.map(({ id }) => id));
  const found = (question.length > 1 ? (data?.results ?? []) : []).filter(
    ({ kind, id }) => !(kind === "person" && known.has(Number(id))),
  );
  const recent = question === "" ? opened.filter(({ id }) => !at.endsWith(`/${id}`)).slice(0, 6) : [];
  const tasks = /^№?\s*\d{1,9}$/.test(question) ? [Number(question.replace(/\D/g, ""))] : [];

  const run = (action: () => void) => {
    onClose();
    // The dialog gives the focus back first, so that what runs may take it.
    requestAnimationFrame(action);
  };
  const open = (path: string) => run(() => go(path));
  const item = (key: string, icon: ReactNode, label: ReactNode, hint: ReactNode, act: () => void) => (
    <Ariakit.ComboboxItem
      key={key}
      id={key}
      className={css.item}
      hideOnClick={false}
      setValueOnClick={false}
      focusOnHover
      onClick={act}
    >
      <span className={css.icon}>{icon}</span>
      <span className={css.label}>{label}</span>
      {hint}
    </Ariakit.ComboboxItem>
  );
  const action = (one: Action) =>
    item(
      `action ${one.id}`,
      <ArrowRight size={15} aria-hidden="true" />,
      one.label,
      one.keys && <Keys keys={one.keys} />,
      () => run(one.run),
    );
  const result = (one: Found) =>
    item(
      `found ${one.kind} ${one.id}`,
      <KindIcon kind={one.kind} closed={one.task?.is_closed} size={16} />,
      one.title ? <Marked text={one.title} marks={one.title_marks} /> : `№ ${one.id}`,
      <span className={css.hint}>{one.task?.is_closed ? t.task.closed : t.search.kind[one.kind]}</span>,
      () => open(addressOf(one)),
    );
  const nothing = actions.length + people.length + found.length + recent.length + tasks.length === 0;
  return (
    <Ariakit.Dialog
      open
      onClose={onClose}
      className={css.palette}
      backdrop={<div className={css.backdrop} />}
      aria-label={t.palette.open}
    >
      <Ariakit.ComboboxProvider
        open
        setOpen={(next) => !next && onClose()}
        value={text}
        setValue={setText}
        includesBaseElement={false}
      >
        <div className={css.box}>
          <Search size={17} aria-hidden="true" />
          <Ariakit.Combobox
            autoSelect="always"
            autoFocus
            className={css.input}
            placeholder={t.palette.placeholder}
            aria-label={t.palette.open}
            spellCheck={false}
          />
          {isFetching && <Spinner />}
        </div>
        <Ariakit.ComboboxList className={css.list} alwaysVisible aria-label={t.palette.open}>
          {tasks.map((id) =>
            item(
              `number ${id}`,
              <KindIcon kind="task" size={16} />,
              t.palette.openTask(id),
              <CornerDownLeft size={14} aria-hidden="true" />,
              () => open(`/tasks/${id}`),
            ),
          )}
          <Group label={t.palette.recent}>
            {recent.map(({ id, title }) =>
              item(
                `recent ${id}`,
                <History size={15} aria-hidden="true" />,
                title,
                <span className={css.hint}>№ {id}</span>,
                () => open(`/tasks/${id}`),
              ),
            )}
          </Group>
          {question !== "" && <Group label={t.palette.actions}>{actions.slice(0, 5).map(action)}</Group>}
          <Group label={t.palette.found}>
            {[
              ...people.map((person) =>
                item(
                  `person ${person.id}`,
                  <Avatar person={person} size={20} />,
                  format.person(person),
                  <span className={css.hint}>{person.position}</span>,
                  () => open(`/people/${person.id}`),
                ),
              ),
              ...found.map(result),
            ]}
          </Group>
          {question === "" &&
            grouped(actions, t.palette.actions).map(([name, list]) => (
              <Group key={name} label={name}>
                {list.map(action)}
              </Group>
            ))}
          {question !== "" &&
            item(
              "search",
              <Search size={15} aria-hidden="true" />,
              t.palette.searchAll(question),
              <span className={css.hint}>{t.nav.search}</span>,
              () => open(`/search?q=${encodeURIComponent(question)}`),
            )}
          {nothing && question !== "" && !isFetching && <p className={css.nothing}>{t.palette.nothing}</p>}
        </Ariakit.ComboboxList>
      </Ariakit.ComboboxProvider>
    </Ariakit.Dialog>
  );
}

function Group({ label, children }: { label: string; children: ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <Ariakit.ComboboxGroup>
      <Ariakit.ComboboxGroupLabel className={css.group}>{label}</Ariakit.ComboboxGroupLabel>
      {children}
    </Ariakit.ComboboxGroup>
  );
}

/** What was typed, once typing pauses. */
function usePaused(text: string, pause: number): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), pause);
    return () => clearTimeout(timer);
  }, [text, pause]);
  return paused;
}
