// What a task is, beside what was said of it: fields, the way that it goes, and who and what it has to do with.

import { CalendarClock, ListTree, Split, Timer } from "lucide-react";
import { type ReactNode, useId, useMemo } from "react";
import { Link } from "wouter";
import type { Form, Person, Task } from "~/api/types";
import { useFormat, useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import { Avatar } from "~/ui/Avatar";
import { dueText, type Names } from "./ChangeLine";
import { dueOf } from "./changes";
import css from "./Details.module.css";
import { type Changing, FieldList } from "./FieldList";
import { Related } from "./Related";
import { Route } from "./Route";
import { enteredAt, routeOf } from "./standing";
import type { Near, RelatedTasks } from "./useRelated";

interface Props {
  task: Task;
  form: Form | undefined;
  names: Names;
  /** Fields that changed at the moment of the past that is looked at. */
  changed?: ReadonlySet<number>;
  /** The moment that is looked at; now where it is none. */
  at?: number;
  /** Beside the feed, not above it. */
  aside: boolean;
  /** What can be changed here; nothing of the past. */
  onDue?: () => void;
  changing?: Changing;
  onResponsible?: () => void;
  onAgain?: (step: number, person: number) => Promise<unknown>;
  /** The tasks around it; not of the past. */
  related?: RelatedTasks;
}

export function Details(props: Props) {
  const { task, form, names, changed, at, aside, changing, onDue, onResponsible, onAgain, related } = props;
  const t = useT();
  const steps = useMemo(
    () => routeOf(task, form?.steps, enteredAt(task), at ?? Date.now()),
    [task, form, at],
  );
  const decidedAt = useMemo(() => decisions(task), [task]);
  const hasFields = Boolean(task.fields?.length);
  return (
    <div className={`${css.details} ${aside ? css.aside : ""}`}>
      {hasFields && (
        <Part title={t.task.fields}>
          <FieldList fields={task.fields ?? []} changed={changed} changing={changing} />
        </Part>
      )}
      <Part title={t.task.facts} quiet={!hasFields}>
        <Facts
          task={task}
          names={names}
          onDue={onDue}
          onResponsible={onResponsible}
          parent={related?.parent}
        />
      </Part>
      {related && <Related task={task.id} related={related} mayAdd={!task.is_closed} />}
      {task.form_id && steps.length > 0 && (
        <Part title={t.task.route}>
          <Route
            steps={steps}
            decidedAt={decidedAt}
            closed={Boolean(task.is_closed)}
            current={task.current_step ?? 0}
            onAgain={onAgain}
          />
        </Part>
      )}
    </div>
  );
}

function Part({ title, quiet, children }: { title: string; quiet?: boolean; children: ReactNode }) {
  const id = useId();
  return (
    <section className={css.part} aria-labelledby={id}>
      <h2 id={id} className={quiet ? "hidden" : css.title}>
        {title}
      </h2>
      {children}
    </section>
  );
}

function Facts({
  task,
  names,
  onDue,
  onResponsible,
  parent,
}: Pick<Props, "task" | "names" | "onDue" | "onResponsible"> & { parent: Near | null | undefined }) {
  const t = useT();
  const format = useFormat();
  const due = dueOf(task);
  const late = isLate(task);
  const comesBack = task.scheduled_datetime_utc ?? task.scheduled_date;
  const spent = (task.comments ?? []).reduce((sum, { spent_minutes }) => sum + (spent_minutes ?? 0), 0);
  return (
    <dl className={css.facts}>
      {!task.form_id && (
        <Fact name={t.task.responsible} onChange={onResponsible}>
          {task.responsible ? (
            <Somebody person={task.responsible} />
          ) : (
            <i className={css.none}>{t.task.nobody}</i>
          )}
        </Fact>
      )}
      <Fact name={t.task.due} onChange={onDue}>
        {due ? (
          <span className={late ? css.late : undefined}>
            <CalendarClock size={14} aria-hidden="true" /> {dueText(due, format)}
            {late && ` · ${t.inbox.overdue}`}
          </span>
        ) : (
          <i className={css.none}>{t.task.nothing}</i>
        )}
      </Fact>
      <Fact name={t.task.author}>
        <Somebody person={task.author} />
      </Fact>
      {Boolean(task.participants?.length) && (
        <Fact name={t.task.participants}>
          <People people={task.participants ?? []} />
        </Fact>
      )}
      {Boolean(task.subscribers?.length) && (
        <Fact name={t.task.subscribers}>
          <People people={(task.subscribers ?? []).map(({ person }) => person)} />
        </Fact>
      )}
      {Boolean(task.list_ids?.length) && (
        <Fact name={t.task.lists}>
          {(task.list_ids ?? []).map((list) => (
            <Link key={list} href={`/lists/${list}`} className={css.chip}>
              <ListTree size={13} aria-hidden="true" /> {names.list(list)}
            </Link>
          ))}
        </Fact>
      )}
      {comesBack && !task.is_closed && (
        <Fact name={t.task.scheduled}>
          {task.scheduled_datetime_utc ? format.full(task.scheduled_datetime_utc) : format.dayName(comesBack)}
        </Fact>
      )}
      {spent > 0 && (
        <Fact name={t.task.spent}>
          <Timer size={14} aria-hidden="true" /> {format.span(spent)}
        </Fact>
      )}
      {task.parent_task_id && (
        <Fact name={t.task.parent}>
          <Link href={`/tasks/${task.parent_task_id}`}>
            {parent?.subject || parent?.text || `№ ${task.parent_task_id}`}
          </Link>
        </Fact>
      )}
      {Boolean(task.linked_task_ids?.length) && (
        <Fact name={t.task.linked}>
          {(task.linked_task_ids ?? []).map((id) => (
            <Link key={id} href={`/tasks/${id}`} className={css.chip}>
              <Split size={13} aria-hidden="true" /> № {id}
            </Link>
          ))}
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, onChange, children }: { name: string; onChange?: () => void; children: ReactNode }) {
  return (
    <div className={css.fact}>
      <dt>{name}</dt>
      <dd>
        {onChange ? (
          <button type="button" className={css.change} onClick={onChange}>
            {children}
          </button>
        ) : (
          children
        )}
      </dd>
    </div>
  );
}

function Somebody({ person }: { person: Person }) {
  const format = useFormat();
  return (
    <span className={css.somebody}>
      <Avatar person={person} size={20} /> <span>{format.person(person)}</span>
    </span>
  );
}

/** So many are named before the rest is counted. */
const NAMED = 6;

function People({ people }: { people: readonly Person[] }) {
  const t = useT();
  return (
    <span className={css.people}>
      {people.slice(0, NAMED).map((person) => (
        <Somebody key={person.id} person={person} />
      ))}
      {people.length > NAMED && <span className={css.none}>{t.task.andMore(people.length - NAMED)}</span>}
    </span>
  );
}

export function isLate(task: Task): boolean {
  if (task.is_closed) return false;
  if (task.due) return Date.parse(task.due) < Date.now();
  return Boolean(task.due_date && task.due_date < dayOf(new Date()));
}

/** When each approver decided at each step last; a member of a role decides for it. */
function decisions(task: Task) {
  const at = new Map<string, string>();
  const byStep = new Map<number, string>();
  for (const comment of task.comments ?? []) {
    if (!comment.approval_choice || !comment.approval_step) continue;
    at.set(`${comment.approval_step} ${comment.author.id}`, comment.create_date);
    byStep.set(comment.approval_step, comment.create_date);
  }
  const choices = new Map(
    (task.approvals ?? []).flat().map((approval) => [`${approval.step} ${approval.person.id}`, approval]),
  );
  return (step: number, person: number) => {
    const approval = choices.get(`${step} ${person}`);
    if (!approval || approval.approval_choice === "waiting") return undefined;
    return at.get(`${step} ${person}`) ?? (approval.person.type === "role" ? byStep.get(step) : undefined);
  };
}
