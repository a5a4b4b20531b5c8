// What an organisation of one begins with: shown to its administrator while nobody else is there.

import { FileText, SquarePen, UserPlus } from "lucide-react";
import { Link } from "wouter";
import { useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { may, useRights } from "~/store/rights";
import css from "./FirstSteps.module.css";

export function FirstSteps() {
  const t = useT();
  const rights = useRights();
  const alone = useDirectory().people.length === 1;
  if (!alone || !may(rights, "managePersons", "invite")) return null;
  const steps = [
    {
      to: "/administration/members",
      icon: UserPlus,
      name: t.inbox.first.people,
      why: t.inbox.first.peopleHint,
    },
    { to: "/administration/forms", icon: FileText, name: t.inbox.first.form, why: t.inbox.first.formHint },
    { to: "/new", icon: SquarePen, name: t.inbox.first.task, why: t.inbox.first.taskHint },
  ];
  return (
    <nav className={css.steps} aria-label={t.inbox.first.title}>
      <h3>{t.inbox.first.title}</h3>
      {steps.map(({ to, icon: Icon, name, why }) => (
        <Link key={to} href={to}>
          <Icon size={18} aria-hidden="true" />
          <span>
            {name}
            <small>{why}</small>
          </span>
        </Link>
      ))}
    </nav>
  );
}
