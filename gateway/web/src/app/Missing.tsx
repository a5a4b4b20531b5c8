import { MapPinOff } from "lucide-react";
import { Link } from "wouter";
import { useT } from "~/i18n";
import { Empty } from "~/ui/Empty";

export function Missing() {
  const t = useT();
  return (
    <Empty
      icon={<MapPinOff size={24} />}
      title={t.nav.notFound}
      action={<Link href="/inbox">{t.nav.toInbox}</Link>}
    >
      {t.nav.notFoundHint}
    </Empty>
  );
}
