// Everybody: as a list, as a chart of departments, and by their roles; and each person by themselves.

import { useLocation } from "wouter";
import type { ScreenProps } from "~/app/screens";
import { useT } from "~/i18n";
import { Page } from "~/ui/Page";
import { Tabs } from "~/ui/Tabs";
import { Chart } from "./Chart";
import { Everybody } from "./Everybody";
import { PersonPage } from "./PersonPage";
import { Roles } from "./Roles";

const VIEWS = ["people", "chart", "roles"] as const;

export default function People({ params }: ScreenProps) {
  const t = useT();
  const [, go] = useLocation();
  if (params.what && /^\d+$/.test(params.what))
    return <PersonPage key={params.what} id={Number(params.what)} />;
  const view = VIEWS.find((one) => one === params.what) ?? "people";
  return (
    <Page
      title={t.people.title}
      fixed
      bar={
        <Tabs
          label={t.people.title}
          tabs={VIEWS.map((id) => ({ id, label: t.people.views[id] }))}
          chosen={view}
          onChoose={(id) => go(id === "people" ? "/people" : `/people/${id}`, { replace: true })}
        />
      }
    >
      {view === "people" && <Everybody />}
      {view === "chart" && <Chart chosen={params.which ? Number(params.which) : undefined} />}
      {view === "roles" && <Roles chosen={params.which ? Number(params.which) : undefined} />}
    </Page>
  );
}
