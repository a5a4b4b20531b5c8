// The pages of the administration and who may open them. One line each; a page is loaded when it is first opened.

import { LayoutList, Users } from "lucide-react";
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
    id: "forms",
    group: "work",
    icon: <LayoutList />,
    rights: ["manageIntegrations"],
    Page: lazy(() => import("~/screens/designer/FormsPage")),
  },
];
