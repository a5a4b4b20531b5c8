// The administration: its pages, as far as the person may open them.

import { ShieldOff } from "lucide-react";
import { useLocation } from "wouter";
import { useActions, viewKeys } from "~/app/actions";
import { Missing } from "~/app/Missing";
import { Opening } from "~/app/Opening";
import type { ScreenProps } from "~/app/screens";
import { useT } from "~/i18n";
import { may, useMyself } from "~/store/rights";
import { Empty } from "~/ui/Empty";
import { ProblemNote } from "~/ui/ProblemNote";
import { Sections } from "~/ui/Sections";
import { parts } from "./sections";

const BASE = "/administration";

export default function Administration({ params }: ScreenProps) {
  const t = useT();
  const [, go] = useLocation();
  const { data: myself, error, refetch } = useMyself();
  const rights = myself?.rights ?? 0;
  const sections = parts
    .filter((part) => may(rights, ...part.rights))
    .map((part) => ({
      ...part,
      label: t.administration.sections[part.id],
      group: t.administration.groups[part.group],
    }));
  useActions(
    sections.map(({ id, label }, at) => ({
      id: `administration.${id}`,
      label: t.administration.goTo(label),
      keys: viewKeys(at),
      run: () => go(`${BASE}/${id}`),
    })),
  );
  if (!myself) return error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Opening />;
  if (sections.length === 0) {
    return (
      <Empty icon={<ShieldOff size={24} />} title={t.administration.closed}>
        {t.administration.closedHint}
      </Empty>
    );
  }
  return (
    <Sections
      title={t.nav.administration}
      base={BASE}
      sections={sections}
      chosen={params.section}
      rest={params["*"] ?? ""}
      missing={<Missing />}
    />
  );
}
