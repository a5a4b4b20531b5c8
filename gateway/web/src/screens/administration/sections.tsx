// The pages of the administration and who may open them. One line each; a page is loaded when it is first opened.

import {
  Award,
  Bot,
  Building2,
  History,
  LayoutList,
  Mail,
  Server,
  Settings2,
  TableProperties,
  Users,
  UsersRound,
} from "lucide-react";
import { type ComponentType, lazy, type ReactNode } from "react";
import type { Messages } from "~/i18n";
import type { Right } from "~/store/rights";
import type { SectionProps } from "~/ui/Sections";

export interface Part {
  id: keyof Messages["administration"]["sections"];
  group: keyof Messages["administration"]["groups"];
  icon: ReactNode;
  /** One of these rights opens it. */
  rights: readonly Right[];
  Page: ComponentType<SectionProps>;
}

export const parts: readonly Part[] = [
  {
    id: "members",
    group: "people",
    icon: <Users />,
    rights: ["managePersons", "invite"],
    Page: lazy(() => import("./members/Members")),
  },
  {
    id: "invitations",
    group: "people",
    icon: <Mail />,
    rights: ["managePersons", "invite"],
    Page: lazy(() => import("./invitations/Invitations")),
  },
  {
    id: "roles",
    group: "people",
    icon: <UsersRound />,
    rights: ["manageRoles"],
    Page: lazy(() => import("./roles/Roles")),
  },
  {
    id: "departments",
    group: "people",
    icon: <Building2 />,
    rights: ["managePersons"],
    Page: lazy(() => import("./departments/Departments")),
  },
  {
    id: "awards",
    group: "people",
    icon: <Award />,
    rights: ["manageIntegrations"],
    Page: lazy(() => import("./awards/Awards")),
  },
  {
    id: "forms",
    group: "work",
    icon: <LayoutList />,
    rights: ["manageIntegrations"],
    Page: lazy(() => import("~/screens/designer/FormsPage")),
  },
  {
    id: "catalogs",
    group: "work",
    icon: <TableProperties />,
    rights: ["manageIntegrations"],
    Page: lazy(() => import("~/screens/catalogs/CatalogsPage")),
  },
  {
    id: "bots",
    group: "work",
    icon: <Bot />,
    rights: ["manageIntegrations"],
    Page: lazy(() => import("./bots/Bots")),
  },
  {
    id: "history",
    group: "oversight",
    icon: <History />,
    rights: ["seeAllTasks"],
    Page: lazy(() => import("./history/HistoryPage")),
  },
  {
    id: "organization",
    group: "oversight",
    icon: <Settings2 />,
    rights: ["editSettings"],
    Page: lazy(() => import("./organization/OrganizationPage")),
  },
  {
    id: "nodes",
    group: "oversight",
    icon: <Server />,
    rights: ["editSettings"],
    Page: lazy(() => import("./nodes/NodesPage")),
  },
];
