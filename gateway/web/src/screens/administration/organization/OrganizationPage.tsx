// What the organisation is called, where its days begin and end, and in which language it speaks to those who chose none.

import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, good, type Schemas } from "~/api/client";
import { Opening } from "~/app/Opening";
import { useT } from "~/i18n";
import { zones } from "~/screens/profile/zones";
import { contactsQuery } from "~/store/directory";
import { Button } from "~/ui/Button";
import { Select, TextField } from "~/ui/Field";
import { Panel } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage } from "~/ui/Sections";
import { toast } from "~/ui/toast";
import css from "./organization.module.css";

type Settings = Schemas["OrganizationSettings"];
const MEMBERS = ["name", "time_zone", "locale"] as const;
type Typed = Pick<Settings, (typeof MEMBERS)[number]>;

const organizationQuery = queryOptions({
  queryKey: ["organization"],
  queryFn: () => good(api.GET("/v4/organization")),
});

export default function OrganizationPage() {
  const t = useT();
  const { data, error, refetch } = useQuery(organizationQuery);
  return (
    <SectionPage
      title={t.administration.sections.organization}
      note={t.organisation.organization.hint}
      width="text"
    >
      <ProblemNote error={error} onRetry={() => void refetch()} />
      {data ? <Form settings={data} /> : !error && <Opening />}
    </SectionPage>
  );
}

function Form({ settings }: { settings: Settings }) {
  const t = useT();
  const words = t.organisation.organization;
  const cache = useQueryClient();
  const [typed, setTyped] = useState<Partial<Typed>>({});
  const save = useMutation({
    mutationFn: (body: Partial<Typed>) => good(api.PUT("/v4/organization", { body })),
    onSuccess: (answer) => {
      cache.setQueryData(organizationQuery.queryKey, answer);
      setTyped({});
      toast(t.profile.saved);
      void cache.invalidateQueries({ queryKey: contactsQuery.queryKey });
      void cache.invalidateQueries({ queryKey: ["session"] });
    },
  });
  const shown = { ...settings, ...typed };
  const changed: Partial<Typed> = Object.fromEntries(
    MEMBERS.filter((member) => shown[member] !== settings[member]).map((member) => [member, shown[member]]),
  );
  const field = (member: (typeof MEMBERS)[number]) => ({
    label: words[member],
    value: shown[member],
    onChange: ({ target }: { target: { value: string } }) => setTyped({ ...typed, [member]: target.value }),
  });
  return (
    <Panel title={words.title}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(changed);
        }}
      >
        <TextField {...field("name")} required maxLength={200} autoComplete="organization" />
        <Select {...field("time_zone")} hint={words.zoneHint}>
          {zones(settings.time_zone).map((zone) => (
            <option key={zone} value={zone}>
              {zone.replaceAll("_", " ")}
            </option>
          ))}
        </Select>
        <Select {...field("locale")} hint={words.localeHint}>
          {locales(settings.locale).map((locale) => (
            <option key={locale} value={locale}>
              {words.locales[locale as keyof typeof words.locales] ?? locale}
            </option>
          ))}
        </Select>
        <ProblemNote error={save.error} />
        <div>
          <Button
            type="submit"
            kind="primary"
            busy={save.isPending}
            disabled={Object.keys(changed).length === 0}
          >
            {t.common.save}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

/** Those that the app speaks, and the one that is chosen although it does not. */
function locales(chosen: string): string[] {
  const known = ["en-US", "en-GB", "ru-RU"];
  return known.includes(chosen) ? known : [chosen, ...known];
}
