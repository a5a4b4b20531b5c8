// Who is asked, or follows: persons, roles, the author, the head of a department, whoever a field or a column of a catalog names; each
// under a condition if need be.

import { useQuery } from "@tanstack/react-query";
import {
  CircleUser,
  ClipboardList,
  Crown,
  Ellipsis,
  Plus,
  ShieldQuestion,
  TextCursorInput,
  Trash2,
  UserPlus,
} from "lucide-react";
import { useState } from "react";
import { useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { Avatar } from "~/ui/Avatar";
import { Button, IconButton } from "~/ui/Button";
import { Menu } from "~/ui/Menu";
import { PersonPicker } from "~/ui/PersonPicker";
import { ConditionEditor } from "../conditions/ConditionEditor";
import { useDesigning } from "../context";
import { type Approver, placed, type Who } from "../model/doc";
import { freshApprover } from "../model/edit";
import { catalogsQuery } from "../queries";
import css from "./RouteTab.module.css";
import { useWhoName } from "./who";

interface Props {
  approvers: Approver[];
  onChange: (approvers: Approver[]) => void;
}

export function Approvers({ approvers, onChange }: Props) {
  const { designer: t } = useT();
  const { doc } = useDesigning();
  const { data } = useQuery(catalogsQuery);
  const [picking, setPicking] = useState(false);
  const add = (who: Who) => onChange([...approvers, freshApprover(who)]);
  const fields = placed(doc).filter(({ place }) => place.in !== "table");
  const people = fields.filter(({ field }) => field.type === "person");
  const columns = fields.flatMap(({ field }) => {
    if (field.type !== "catalog") return [];
    const catalog = data?.catalogs?.find(({ catalog_id }) => catalog_id === field.catalog_id);
    return (catalog?.catalog_headers ?? [])
      .filter(({ type }) => type === "workflow")
      .map(({ name }) => ({ field, column: name }));
  });
  const persons = approvers.flatMap(({ who }) =>
    typeof who === "object" && "person" in who ? [who.person] : [],
  );
  return (
    <div className={css.approvers}>
      {approvers.map((approver) => (
        <One
          key={approver.key}
          approver={approver}
          onChange={(next) =>
            onChange(approvers.flatMap((one) => (one === approver ? (next ? [next] : []) : [one])))
          }
        />
      ))}
      {picking && (
        <PersonPicker
          bare
          autoFocus
          label={t.whoPerson}
          placeholder={t.whoPerson}
          value={[]}
          without={persons}
          onChange={([person]) => {
            if (person !== undefined) add({ person });
            setPicking(false);
          }}
        />
      )}
      <div>
        <Menu
          label={t.addApprover}
          button={
            <Button size="s" kind="quiet" icon={<Plus size={15} />}>
              {t.addApprover}
            </Button>
          }
          choices={[
            { label: t.whoPerson, icon: <UserPlus size={16} />, onChoose: () => setPicking(true) },
            { label: t.whoAuthor, icon: <CircleUser size={16} />, onChoose: () => add("author") },
            { label: t.whoHead, icon: <Crown size={16} />, onChoose: () => add("department_head") },
            (people.length > 0 || columns.length > 0) && null,
            ...people.map(({ field }) => ({
              label: t.whoField(field.name || t.unnamed),
              icon: <TextCursorInput size={16} />,
              onChoose: () => add({ field: field.key }),
            })),
            ...columns.map(({ field, column }) => ({
              label: t.whoColumn(field.name || t.unnamed, column),
              icon: <ClipboardList size={16} />,
              onChoose: () => add({ catalog_field: { field: field.key, column } }),
            })),
          ]}
        />
      </div>
    </div>
  );
}

function One({ approver, onChange }: { approver: Approver; onChange: (next: Approver | undefined) => void }) {
  const { designer: t, common } = useT();
  const name = useWhoName()(approver.who);
  const directory = useDirectory();
  const [asking, setAsking] = useState(approver.condition !== undefined);
  const { who } = approver;
  const person = typeof who === "object" && "person" in who ? directory.get(who.person) : undefined;
  const icon =
    who === "author" ? (
      <CircleUser size={17} />
    ) : who === "department_head" ? (
      <Crown size={17} />
    ) : typeof who === "object" && "catalog_field" in who ? (
      <ClipboardList size={17} />
    ) : (
      <TextCursorInput size={17} />
    );
  return (
    <div className={css.approver}>
      <div className={css.approverHead}>
        <span className={css.icon}>{person ? <Avatar person={person} size={20} /> : icon}</span>
        <span>{name}</span>
        <Menu
          label={name}
          button={
            <IconButton label={`${common.more}: ${name}`}>
              <Ellipsis size={16} />
            </IconButton>
          }
          choices={[
            asking
              ? {
                  label: t.onlyIfRemove,
                  icon: <ShieldQuestion size={16} />,
                  onChoose: () => {
                    setAsking(false);
                    onChange({ ...approver, condition: undefined });
                  },
                }
              : { label: t.onlyIfAdd, icon: <ShieldQuestion size={16} />, onChoose: () => setAsking(true) },
            null,
            {
              label: common.remove,
              icon: <Trash2 size={16} />,
              danger: true,
              onChoose: () => onChange(undefined),
            },
          ]}
        />
      </div>
      {asking && (
        <div className={css.condition}>
          <span className={css.label}>{t.onlyIf}</span>
          <ConditionEditor
            source={approver.condition}
            onChange={(condition) => onChange({ ...approver, condition })}
          />
        </div>
      )}
    </div>
  );
}
