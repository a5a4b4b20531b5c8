// Everything that is the person's own: who they are, how they sign in, what they are told of, and what this device keeps.

import {
  Bell,
  CalendarOff,
  HardDrive,
  LogOut,
  MonitorSmartphone,
  ShieldCheck,
  Star,
  UserRound,
} from "lucide-react";
import { lazy } from "react";
import { useLocation } from "wouter";
import { useActions, viewKeys } from "~/app/actions";
import { Missing } from "~/app/Missing";
import type { ScreenProps } from "~/app/screens";
import { useT } from "~/i18n";
import { signOut } from "~/store/session";
import { Button } from "~/ui/Button";
import { Sections } from "~/ui/Sections";

const BASE = "/profile";

const PAGES = {
  me: { icon: <UserRound />, Page: lazy(() => import("./AboutMe")) },
  security: { icon: <ShieldCheck />, Page: lazy(() => import("./Security")) },
  devices: { icon: <MonitorSmartphone />, Page: lazy(() => import("./Devices")) },
  notifications: { icon: <Bell />, Page: lazy(() => import("./NotificationSettings")) },
  follows: { icon: <Star />, Page: lazy(() => import("./Follows")) },
  absence: { icon: <CalendarOff />, Page: lazy(() => import("./Absence")) },
  storage: { icon: <HardDrive />, Page: lazy(() => import("./Storage")) },
};

export default function Profile({ params }: ScreenProps) {
  const t = useT();
  const [, go] = useLocation();
  const sections = (Object.keys(PAGES) as (keyof typeof PAGES)[]).map((id) => ({
    id,
    label: t.profile.sections[id],
    ...PAGES[id],
  }));
  useActions(
    sections.map(({ id, label }, at) => ({
      id: `profile.${id}`,
      label: t.profile.goTo(label),
      keys: viewKeys(at),
      run: () => go(`${BASE}/${id}`),
    })),
  );
  return (
    <Sections
      title={t.profile.title}
      base={BASE}
      sections={sections}
      chosen={params.section}
      rest={params["*"] ?? ""}
      missing={<Missing />}
      foot={
        <Button kind="quiet" icon={<LogOut size={16} />} onClick={() => void signOut()}>
          {t.nav.signOut}
        </Button>
      }
    />
  );
}
