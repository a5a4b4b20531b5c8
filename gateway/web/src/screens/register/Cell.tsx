// What stands in a cell: one line, drawn with as little as possible, for there are many.

import { CircleAlert, Clock3 } from "lucide-react";
import type { Field, TemplateField } from "~/api/types";
import { FieldValue, PersonName } from "~/fields/FieldValue";
import { useFormat, useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import type { Command } from "~/store/command";
import { Badge } from "~/ui/Badge";
import { type ColumnId, fieldOf, type RegisterTask, shownIn, titleIn } from "./columns";
import css from "./Grid.module.css";

interface Props {
  task: RegisterTask;
  column: ColumnId;
  template?: TemplateField;
  steps: Record<string, string>;
  /** The form's name. */
  form: string;
  /** A change of this cell that the server has not accepted. */
  pending?: { command: Command; value: unknown };
}

export function Cell({ task, column, template, steps, form, pending }: Props) {
  const t = useT();
  const format = useFormat();
  const at = fieldOf(column);
  if (at !== undefined) {
    const known: Field | undefined =
      shownIn(task, at) ?? (template && { id: at, type: template.type, name: template.name });
    if (!known) return null;
    if (!pending) return <FieldValue field={known} template={template} compact downloads />;
    const refused = pending.command.state === "refused";
    const why = refused ? t.register.refused(pending.command.refusal?.message ?? "") : t.register.waits;
    return (
      <span className={`${css.pending} ${refused ? css.wrong : ""}`} title={why}>
        {refused ? <CircleAlert size={13} aria-hidden="true" /> : <Clock3 size={13} aria-hidden="true" />}
        <span className="hidden">{why}: </span>
        <FieldValue
          field={refused ? known : { ...known, value: pending.value ?? undefined }}
          template={template}
          compact
        />
      </span>
    );
  }
  switch (column) {
    case "id":
      return <span className={css.soft}>{task.id}</span>;
    case "title":
      return <>{titleIn(form, task)}</>;
    case "step":
      return task.is_closed ? (
        <Badge>{t.fields.closed}</Badge>
      ) : task.current_step ? (
        (steps[String(task.current_step)] ?? t.fields.step(task.current_step))
      ) : null;
    case "author":
      return task.author ? <PersonName person={task.author} /> : null;
    case "created":
      return <time dateTime={task.create_date}>{format.short(task.create_date)}</time>;
    case "modified":
      return <time dateTime={task.last_modified_date}>{format.short(task.last_modified_date)}</time>;
    case "due": {
      const day = task.due ? task.due.slice(0, 10) : task.due_date;
      if (!day) return null;
      const late = !task.is_closed && day < dayOf(new Date());
      return (
        <span className={late ? css.late : undefined}>
          {late && <span className="hidden">{t.inbox.overdue}: </span>}
          {format.day(day)}
        </span>
      );
    }
    case "closed":
      return task.close_date ? <time dateTime={task.close_date}>{format.short(task.close_date)}</time> : null;
    default:
      return null;
  }
}
