// Everybody, with what finds them, and what is done to many at once.

import { useQuery } from "@tanstack/react-query";
import { History, SearchX, UserPlus } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import { Link } from "wouter";
import { useActions } from "~/app/actions";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import type { Right } from "~/store/rights";
import { Avatar } from "~/ui/Avatar";
import { Badge } from "~/ui/Badge";
import { Button, IconButton } from "~/ui/Button";
import { DateField } from "~/ui/DateField";
import { Empty } from "~/ui/Empty";
import { Select, TextField } from "~/ui/Field";
import { useNarrow } from "~/ui/narrow";
import { Popover } from "~/ui/Popover";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage } from "~/ui/Sections";
import { type Column, VirtualTable } from "~/ui/VirtualTable";
import { AddMember } from "./AddMember";
import { BulkBar } from "./BulkBar";
import { filtered, type MemberFilter, STATES, type State, standingOf } from "./filter";
import { asOfOf, departmentsQuery, type Member, membersQuery } from "./member";
import css from "./members.module.css";
import { GROUPS, NEWCOMER, named, presetOf } from "./rights";

const BASE = "/administration/members";
const RIGHTS_SHOWN = Object.values(GROUPS).flat();

export function MemberList() {
  const t = useT();
  const format = useFormat();
  const [filter, setFilter] = useState<MemberFilter>({ text: "", state: "active" });
  const [day, setDay] = useState<string>();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [adding, setAdding] = useState(false);
  const narrow = useNarrow();
  const asked = useDeferredValue(filter);
  const asOf = asOfOf(day);
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...membersQuery(asOf),
    placeholderData: (before) => before,
  });
  const { data: departments } = useQuery(departmentsQuery);
  const members = useMemo(() => {
    const people = (data?.members ?? []) as Member[];
    return filtered(people, asked, dayOf(new Date())).sort((left, right) =>
      format.person(left).localeCompare(format.person(right)),
    );
  }, [data, asked, format]);
  useActions([
    {
      id: "administration.add_member",
      label: t.administration.members.add,
      keys: "n",
      run: () => setAdding(true),
    },
  ]);
  const columns: Column<Member>[] = [
    {
      id: "name",
      label: t.people.person,
      cell: (member) => (
        <Link href={`${BASE}/${member.id}${asOf ? `?as_of=${day}` : ""}`} className={css.person}>
          <Avatar person={member} size={32} />
          <span className={css.names}>
            <span>{format.person(member)}</span>
            <small>{member.email}</small>
          </span>
          {narrow && <Standing member={member} />}
        </Link>
      ),
    },
    {
      id: "position",
      label: t.profile.position,
      width: "22%",
      spare: true,
      cell: (member) => member.position,
    },
    {
      id: "department",
      label: t.profile.department,
      width: "18%",
      spare: true,
      cell: (member) => member.department_name,
    },
    {
      id: "rights",
      label: t.administration.members.rights,
      width: "136px",
      spare: true,
      cell: (member) => <Standing member={member} />,
    },
  ];
  const set = (more: Partial<MemberFilter>) => {
    setFilter({ ...filter, ...more });
    setChosen(new Set());
  };
  return (
    <SectionPage
      title={t.administration.sections.members}
      note={data && t.common.people(members.length)}
      fixed
      actions={
        <>
          <Popover
            label={t.administration.members.asOf}
            placement="bottom-end"
            button={
              <IconButton label={t.administration.members.asOf} aria-pressed={asOf !== undefined}>
                <History size={17} />
              </IconButton>
            }
          >
            <DateField
              label={t.administration.members.asOf}
              hint={t.administration.members.asOfHint}
              max={dayOf(new Date())}
              value={day}
              onChange={(next) => {
                setDay(next);
                setChosen(new Set());
              }}
            />
          </Popover>
          <Button kind="primary" icon={<UserPlus size={16} />} onClick={() => setAdding(true)}>
            {narrow ? t.common.add : t.administration.members.add}
          </Button>
        </>
      }
      bar={
        <div className={css.filters}>
          <TextField
            bare
            type="search"
            label={t.common.search}
            placeholder={t.administration.members.find}
            value={filter.text}
            onChange={({ target }) => set({ text: target.value })}
          />
          <Select
            bare
            label={t.administration.members.state}
            value={filter.state}
            onChange={({ target }) => set({ state: target.value as State })}
          >
            {STATES.map((state) => (
              <option key={state} value={state}>
                {t.administration.members.states[state]}
              </option>
            ))}
          </Select>
          <Select
            bare
            label={t.profile.department}
            value={filter.department ?? ""}
            onChange={({ target }) =>
              set({ department: target.value === "" ? undefined : Number(target.value) })
            }
          >
            <option value="">{t.administration.members.anyDepartment}</option>
            {(departments?.departments ?? []).map(({ id, department_name: name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
            <option value="0">{t.administration.members.noDepartment}</option>
          </Select>
          <Select
            bare
            label={t.administration.members.right}
            value={filter.right ?? ""}
            onChange={({ target }) => set({ right: (target.value || undefined) as Right | undefined })}
          >
            <option value="">{t.administration.members.anyRight}</option>
            {RIGHTS_SHOWN.map((right) => (
              <option key={right} value={right}>
                {t.administration.rights[right][0]}
              </option>
            ))}
          </Select>
        </div>
      }
    >
      {asOf && (
        <p className={css.past} role="status">
          {t.administration.members.past(format.dayName(day ?? ""))}
          <Button size="s" kind="quiet" onClick={() => setDay(undefined)}>
            {t.administration.members.toNow}
          </Button>
        </p>
      )}
      {!data && (error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Opening />)}
      {data && error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data && members.length === 0 && !isPlaceholderData && (
        <Empty icon={<SearchX size={24} />} title={t.common.nobodyFound}>
          {t.administration.members.noneHint}
        </Empty>
      )}
      {members.length > 0 && (
        <VirtualTable
          label={t.administration.sections.members}
          columns={columns}
          rows={members}
          rowKey={({ id }) => id}
          rowName={format.person}
          chosen={asOf ? undefined : chosen}
          onChoose={setChosen}
        />
      )}
      {chosen.size > 0 && (
        <BulkBar members={members.filter(({ id }) => chosen.has(id))} onDone={() => setChosen(new Set())} />
      )}
      <AddMember open={adding} onClose={() => setAdding(false)} />
    </SectionPage>
  );
}

/** The one thing that is most worth knowing of somebody. */
function Standing({ member }: { member: Member }) {
  const t = useT();
  const standing = standingOf(member);
  if (standing !== "active") return <Badge tone="bad">{t.administration.members.standing[standing]}</Badge>;
  if (member.is_guest) return <Badge tone="violet">{t.administration.members.guest}</Badge>;
  if (member.type === "bot") return <Badge>{t.administration.members.bot}</Badge>;
  const preset = presetOf(member.rights);
  if (preset === "newcomer") return null;
  if (preset)
    return (
      <Badge tone={preset === "administrator" ? "warn" : "info"}>{t.administration.presets[preset]}</Badge>
    );
  const more = named(member.rights & ~NEWCOMER);
  return more.length === 0 ? (
    <Badge>{t.administration.members.fewer}</Badge>
  ) : (
    <Badge tone="info">{t.administration.members.rightsCount(more.length)}</Badge>
  );
}
