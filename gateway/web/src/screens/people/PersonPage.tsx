// A person: how to reach them, where they stand, what they are in, whether they are here, and what they saw.

import { Award, CalendarOff, Mail, MapPin, MessageCircle, Network, Phone, Plus, Users } from "lucide-react";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import type { Person } from "~/api/types";
import { useActions } from "~/app/actions";
import { useSession } from "~/app/context";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import { operator } from "~/screens/search/question";
import { useDirectory } from "~/store/directory";
import { may, useRights } from "~/store/rights";
import { Avatar } from "~/ui/Avatar";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Page } from "~/ui/Page";
import { ProblemNote } from "~/ui/ProblemNote";
import { leaderOf, type Node, wayTo } from "./chart";
import { Past } from "./Past";
import css from "./People.module.css";
import { type Member, useChart, useMember, useRoles } from "./usePeople";

export function PersonPage({ id }: { id: number }) {
  const t = useT();
  const format = useFormat();
  const [, go] = useLocation();
  const { me } = useSession();
  const directory = useDirectory();
  const rights = useRights();
  const { data, error, refetch } = useMember(id);
  const { roles } = useRoles();
  const { chart } = useChart();
  const person = (data ?? directory.get(id)) as (Person & Partial<Member>) | undefined;
  const write = () => go(`/new?responsible=${id}`);
  useActions(person ? [{ id: "person.task", label: t.people.writeTask, keys: "w", run: write }] : []);
  if (!person)
    return error ? (
      <Page title="" back="/people">
        <ProblemNote error={error} onRetry={() => void refetch()} />
      </Page>
    ) : (
      <Opening />
    );
  const name = format.person(person);
  const mine = roles.filter(({ member_ids }) => member_ids?.includes(id));
  const way = wayTo(chart, person.department_id);
  const leader = leaderOf(chart, person);
  const led = departmentsOf(chart, id);
  const deputy = person.absence?.deputy_id ? directory.get(person.absence.deputy_id) : undefined;
  const today = dayOf(new Date());
  const away = person.absence && person.absence.until >= today ? person.absence : undefined;
  const gone = person.banned || person.fired;
  return (
    <Page
      title={name}
      back="/people"
      width="text"
      actions={
        !gone && (
          <Button kind="primary" icon={<Plus size={16} />} onClick={write}>
            {t.people.writeTask}
          </Button>
        )
      }
    >
      <div className={css.person}>
        <header className={css.card}>
          <Avatar person={person} size={72} />
          <div>
            <p className={css.position}>{person.position || t.people.noPosition}</p>
            {person.department_name && (
              <Link href={`/people/chart/${person.department_id}`}>
                {way.length > 0
                  ? way.map(({ department }) => department.department_name).join(" / ")
                  : person.department_name}
              </Link>
            )}
            <p className={css.badges}>
              {gone && <Badge tone="bad">{t.people.gone}</Badge>}
              {person.is_guest && <Badge tone="info">{t.people.guest}</Badge>}
              {person.type === "bot" && <Badge tone="violet">{t.people.bot}</Badge>}
              {away && (
                <Badge tone="warn">
                  {away.from <= today
                    ? t.people.awayUntil(format.day(away.until))
                    : t.people.awayFrom(format.day(away.from), format.day(away.until))}
                </Badge>
              )}
              {person.status && <span>{person.status}</span>}
            </p>
          </div>
        </header>

        <dl className={css.facts}>
          {person.email && (
            <Fact icon={<Mail size={16} />} name={t.people.email}>
              <a href={`mailto:${encodeURIComponent(person.email).replace("%40", "@")}`}>{person.email}</a>
            </Fact>
          )}
          {[person.mobile_phone, person.phone].filter(Boolean).map((phone) => (
            <Fact key={phone} icon={<Phone size={16} />} name={t.people.phone}>
              <a href={`tel:${phone?.replace(/[^\d+]/g, "")}`}>{phone}</a>
            </Fact>
          ))}
          {person.messenger && (
            <Fact icon={<MessageCircle size={16} />} name={person.messenger.type}>
              {person.messenger.nickname}
            </Fact>
          )}
          {person.location && (
            <Fact icon={<MapPin size={16} />} name={t.people.location}>
              {person.location}
            </Fact>
          )}
          {leader && (
            <Fact icon={<Network size={16} />} name={t.people.leader}>
              <PersonLink person={leader} />
            </Fact>
          )}
          {led.length > 0 && (
            <Fact icon={<Network size={16} />} name={t.people.leadsWhat}>
              <span className={css.many}>
                {led.map(({ department }) => (
                  <Link key={department.id} href={`/people/chart/${department.id}`}>
                    {department.department_name}
                  </Link>
                ))}
              </span>
            </Fact>
          )}
          {mine.length > 0 && (
            <Fact icon={<Users size={16} />} name={t.people.inRoles}>
              <span className={css.many}>
                {mine.map((role) => (
                  <Link key={role.id} href={`/people/roles/${role.id}`}>
                    {role.name}
                  </Link>
                ))}
              </span>
            </Fact>
          )}
          {away && (
            <Fact icon={<CalendarOff size={16} />} name={t.people.deputy}>
              {deputy ? <PersonLink person={deputy} /> : t.people.noDeputy}
            </Fact>
          )}
          {person.personality && (
            <Fact icon={<MessageCircle size={16} />} name={t.people.about}>
              <span className={css.about}>{person.personality}</span>
            </Fact>
          )}
          {(person.awards ?? []).map((award) => (
            <Fact key={award.award_id} icon={<Award size={16} />} name={t.people.award}>
              {award.name} <small>{format.day(award.assignment_date.slice(0, 10))}</small>
            </Fact>
          ))}
        </dl>

        <nav className={css.questions} aria-label={t.people.tasks}>
          <Link href={`/search?q=${encodeURIComponent(operator("waiting", name))}`}>{t.people.waiting}</Link>
          <Link href={`/search?q=${encodeURIComponent(operator("approver", name))}`}>
            {t.people.approves}
          </Link>
          <Link href={`/search?q=${encodeURIComponent(`${operator("author", name)} kind:task`)}`}>
            {t.people.wrote}
          </Link>
        </nav>

        {data && <Past person={data} sees={id === me.person || may(rights, "seeAllTasks")} />}
      </div>
    </Page>
  );
}

const departmentsOf = (chart: readonly Node[], manager: number): Node[] =>
  chart.flatMap((node) => [
    ...(node.manager?.id === manager ? [node] : []),
    ...departmentsOf(node.children, manager),
  ]);

function Fact({ icon, name, children }: { icon: ReactNode; name: string; children: ReactNode }) {
  return (
    <div className={css.fact}>
      <dt>
        {icon}
        <span>{name}</span>
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

function PersonLink({ person }: { person: Person }) {
  const format = useFormat();
  return (
    <Link href={`/people/${person.id}`} className={css.inline}>
      <Avatar person={person} size={20} />
      {format.person(person)}
    </Link>
  );
}
