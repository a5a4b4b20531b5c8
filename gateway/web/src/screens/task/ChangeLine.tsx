// One thing that a comment changed, in words: what it is, and what it was before where that is known.

import {
  ArrowRight,
  CalendarClock,
  Check,
  CircleCheck,
  Clock,
  CornerUpLeft,
  Eye,
  ListTree,
  Paperclip,
  Pencil,
  RotateCcw,
  Undo2,
  UserRound,
  UsersRound,
  X,
} from "lucide-react";
import type { ReactNode } from "react";
import type { Person } from "~/api/types";
import { type Formats, type Messages, useFormat, useT } from "~/i18n";
import css from "./ChangeLine.module.css";
import type { Change, Due } from "./changes";
import { isEmpty, valueText } from "./value";

export interface Names {
  step: (step: number) => string;
  list: (list: number) => string;
}

export function ChangeLine({ change, names }: { change: Change; names: Names }) {
  const t = useT();
  const format = useFormat();
  const { icon, tone, words } = told(change, names, t, format);
  return (
    <span className={`${css.line} ${tone ? css[tone] : ""}`}>
      <span className={css.icon} aria-hidden="true">
        {icon}
      </span>
      <span className={css.words}>{words}</span>
    </span>
  );
}

interface Told {
  icon: ReactNode;
  tone?: "good" | "bad" | "warn";
  words: ReactNode;
}

function told(change: Change, names: Names, t: Messages, format: Formats): Told {
  const list = (people: Person[]) => format.list(people.map((person) => format.person(person)));
  switch (change.kind) {
    case "decided": {
      const where = change.step ? ` · ${names.step(change.step)}` : "";
      switch (change.choice) {
        case "approved":
          return { icon: <Check />, tone: "good", words: <b>{t.task.choices.approved + where}</b> };
        case "rejected":
          return { icon: <X />, tone: "bad", words: <b>{t.task.choices.rejected + where}</b> };
        case "acknowledged":
          return { icon: <Eye />, tone: "good", words: t.task.choices.acknowledged + where };
        default:
          return { icon: <Undo2 />, words: t.task.choices.revoked + where };
      }
    }
    case "step":
      return change.back
        ? { icon: <CornerUpLeft />, tone: "warn", words: t.task.changed.back(names.step(change.step)) }
        : { icon: <ArrowRight />, words: t.task.changed.step(names.step(change.step)) };
    case "field": {
      const name = change.field.name || t.task.nameless;
      const after = valueText(change.field, t, format);
      const before =
        change.before && !isEmpty(change.before.value) ? valueText(change.before, t, format) : undefined;
      if (change.field.type === "table")
        return {
          icon: <Pencil />,
          words: <Named name={name}>{t.task.changed.rows(count(change.field.value))}</Named>,
        };
      return {
        icon: <Pencil />,
        words: (
          <Named name={name}>
            <Became before={before} after={after} />
          </Named>
        ),
      };
    }
    case "reassigned":
      return {
        icon: <UserRound />,
        words: (
          <Named name={t.task.responsible}>
            <Became before={change.before && format.person(change.before)} after={format.person(change.to)} />
          </Named>
        ),
      };
    case "people":
      return {
        icon: <UsersRound />,
        words: (
          <Named
            name={
              change.whose === "approvers" && change.step
                ? `${t.task.approvers}, ${names.step(change.step)}`
                : t.task[change.whose]
            }
          >
            {[
              change.added.length > 0 && `+ ${list(change.added)}`,
              change.removed.length > 0 && `− ${list(change.removed)}`,
              change.again.length > 0 && t.task.changed.again(list(change.again)),
            ]
              .filter(Boolean)
              .join("; ")}
          </Named>
        ),
      };
    case "due":
      return {
        icon: <CalendarClock />,
        words: (
          <Named name={t.task.due}>
            <Became
              before={change.before && dueText(change.before, format)}
              after={change.due ? dueText(change.due, format) : t.task.nothing}
            />
          </Named>
        ),
      };
    case "schedule": {
      const when = change.moment
        ? format.full(change.moment)
        : change.date
          ? format.dayName(change.date)
          : undefined;
      return { icon: <Clock />, words: when ? t.task.changed.comesBack(when) : t.task.changed.isBack };
    }
    case "lists":
      return {
        icon: <ListTree />,
        words: (
          <Named name={t.task.lists}>
            {[
              change.added.length > 0 && `+ ${format.list(change.added.map(names.list))}`,
              change.removed.length > 0 && `− ${format.list(change.removed.map(names.list))}`,
            ]
              .filter(Boolean)
              .join("; ")}
          </Named>
        ),
      };
    case "action":
      return change.action === "finished"
        ? { icon: <CircleCheck />, tone: "good", words: <b>{t.task.changed.finished}</b> }
        : { icon: <RotateCcw />, tone: "warn", words: <b>{t.task.changed.reopened}</b> };
    case "renamed":
      return { icon: <Pencil />, words: <Named name={t.task.subject}>{change.subject}</Named> };
    case "spent":
      return { icon: <Clock />, words: <Named name={t.task.spent}>{format.span(change.minutes)}</Named> };
    case "files_removed":
      return { icon: <Paperclip />, words: t.files.removed(change.count) };
    case "edited":
      return { icon: <Pencil />, words: t.task.changed.edited };
    case "deleted":
      return { icon: <X />, words: t.task.changed.deleted };
  }
}

const count = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

function Named({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <span className={css.name}>{name}:</span> {children}
    </>
  );
}

function Became({ before, after }: { before?: string; after: string }) {
  const t = useT();
  return (
    <>
      {before !== undefined && (
        <>
          <del className={css.before}>{before}</del>{" "}
          <span className={css.arrow} aria-hidden="true">
            →
          </span>
          <span className="hidden">{t.task.changed.now}</span>{" "}
        </>
      )}
      <span className={css.after}>{after}</span>
    </>
  );
}

export function dueText(due: Due, format: Formats): string {
  if (due.moment)
    return [format.full(due.moment), due.duration ? `(${format.span(due.duration)})` : ""]
      .filter(Boolean)
      .join(" ");
  return due.date ? format.dayName(due.date) : "";
}
