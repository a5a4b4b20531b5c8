// What somebody was on an earlier day, beside what they are now: position, department, roles, and which tasks they saw.

import { History } from "lucide-react";
import { type ReactNode, useDeferredValue, useState } from "react";
import { Link } from "wouter";
import { useFormat, useT } from "~/i18n";
import { dayOf, fromDay } from "~/i18n/format";
import { plusDays } from "~/screens/lists/grouping";
import { Button } from "~/ui/Button";
import { DateField } from "~/ui/DateField";
import { ProblemNote } from "~/ui/ProblemNote";
import { Spinner } from "~/ui/Spinner";
import css from "./Past.module.css";
import { type Member, useMember, useRoles, useVisible } from "./usePeople";

/** How far the slider reaches back, in days. Older days are typed. */
const REACH = 365;
/** How many tasks are named. */
const NAMED = 12;

export function Past({ person, sees }: { person: Member; sees: boolean }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <section className={css.past}>
      {open ? (
        <Opened person={person} sees={sees} />
      ) : (
        <Button icon={<History size={16} />} onClick={() => setOpen(true)}>
          {t.people.past}
        </Button>
      )}
    </section>
  );
}

function Opened({ person, sees }: { person: Member; sees: boolean }) {
  const t = useT();
  const format = useFormat();
  const today = dayOf(new Date());
  const [chosen, setChosen] = useState(plusDays(today, -30));
  const day = useDeferredValue(chosen);
  const back = day < today ? day : undefined;
  const then = useMember(person.id, back);
  const rolesThen = useRoles(back);
  const rolesNow = useRoles();
  const seen = useVisible(person.id, back, sees);
  const seenNow = useVisible(person.id, undefined, sees);
  const daysAgo = Math.round((fromDay(today).getTime() - fromDay(chosen).getTime()) / 86_400_000);
  const inRoles = (roles: readonly { name: string; member_ids?: number[] }[]) =>
    roles.filter(({ member_ids }) => member_ids?.includes(person.id)).map(({ name }) => name);
  const list = (names: string[]) => (names.length > 0 ? format.list(names) : t.common.none);
  const before = then.data;
  const lost = missing(seen.data?.tasks, seenNow.data?.tasks);
  const gained = missing(seenNow.data?.tasks, seen.data?.tasks);
  return (
    <>
      <h2>{t.people.past}</h2>
      <div className={css.when}>
        <label>
          <span className="hidden">{t.people.pastDay}</span>
          <input
            type="range"
            min={-REACH}
            max={0}
            value={-Math.min(REACH, daysAgo)}
            aria-valuetext={format.dayName(chosen)}
            onChange={({ target }) => setChosen(plusDays(today, Number(target.value)))}
          />
        </label>
        <DateField
          label={t.people.pastDay}
          bare
          value={chosen}
          max={today}
          onChange={(value) => value && setChosen([value, today].sort()[0] ?? today)}
        />
        {(then.isFetching || seen.isFetching) && <Spinner />}
      </div>
      {then.error ? (
        <ProblemNote error={then.error} />
      ) : (
        <table className={css.table}>
          <thead>
            <tr>
              <td />
              <th scope="col">{format.dayName(chosen)}</th>
              <th scope="col">{t.people.now}</th>
            </tr>
          </thead>
          <tbody>
            <Compared
              name={t.people.position}
              then={before?.position ?? t.common.none}
              now={person.position ?? t.common.none}
            />
            <Compared
              name={t.people.department}
              then={before?.department_name ?? t.common.none}
              now={person.department_name ?? t.common.none}
            />
            <Compared
              name={t.people.inRoles}
              then={list(inRoles(rolesThen.roles))}
              now={list(inRoles(rolesNow.roles))}
            />
            {sees && (
              <Compared
                name={t.people.seenTasks}
                then={seen.data ? count(seen.data, format.number) : "…"}
                now={seenNow.data ? count(seenNow.data, format.number) : "…"}
              />
            )}
          </tbody>
        </table>
      )}
      {sees && back && <Tasks label={t.people.seenOnlyThen} ids={lost} />}
      {sees && back && <Tasks label={t.people.seenOnlyNow} ids={gained} />}
    </>
  );
}

const count = ({ tasks, whole }: { tasks: number[]; whole: boolean }, number: (value: number) => string) =>
  whole ? number(tasks.length) : `${number(tasks.length)}+`;

/** What the first holds and the second does not. */
function missing(first: readonly number[] | undefined, second: readonly number[] | undefined): number[] {
  if (!first || !second) return [];
  const held = new Set(second);
  return first.filter((id) => !held.has(id));
}

function Compared({ name, then, now }: { name: string; then: ReactNode; now: ReactNode }) {
  const t = useT();
  return (
    <tr className={then === now ? undefined : css.changed}>
      <th scope="row">{name}</th>
      <td>{then}</td>
      <td>
        {now}
        {then !== now && <span className="hidden"> ({t.people.changed})</span>}
      </td>
    </tr>
  );
}

function Tasks({ label, ids }: { label: string; ids: number[] }) {
  const t = useT();
  if (ids.length === 0) return null;
  return (
    <p className={css.tasks}>
      {label}:{" "}
      {ids.slice(-NAMED).map((id) => (
        <Link key={id} href={`/tasks/${id}`}>
          № {id}
        </Link>
      ))}
      {ids.length > NAMED && <span>{t.people.andMore(ids.length - NAMED)}</span>}
    </p>
  );
}
