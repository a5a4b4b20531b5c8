// Who I am, in which language and light I see things, and as whom of mine I go on.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Building2 } from "lucide-react";
import { useState } from "react";
import { api, good, type Schemas } from "~/api/client";
import { cookieRenewed } from "~/api/proof";
import { useSession } from "~/app/context";
import { LetterKeys } from "~/app/LetterKeys";
import { Opening } from "~/app/Opening";
import { chooseTheme, chosenTheme, type Theme } from "~/app/theme";
import { LANGUAGES, type Language, useFormat, useSpeech, useT } from "~/i18n";
import { contactsQuery } from "~/store/directory";
import { myselfKey, useMyself } from "~/store/rights";
import { signedIn } from "~/store/session";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Facts } from "~/ui/Facts";
import { Select, TextField } from "~/ui/Field";
import { Panel, Row, Rows } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage } from "~/ui/Sections";
import { toast } from "~/ui/toast";
import { Portrait } from "./Portrait";
import css from "./profile.module.css";
import { zones } from "./zones";

export default function AboutMe() {
  const t = useT();
  const format = useFormat();
  const { data: myself, error, refetch } = useMyself();
  return (
    <SectionPage title={t.profile.sections.me} width="text">
      {!myself ? (
        error ? (
          <ProblemNote error={error} onRetry={() => void refetch()} />
        ) : (
          <Opening />
        )
      ) : (
        <>
          <div className={css.me}>
            <Portrait myself={myself} />
            <div>
              <h3 className={css.name}>{format.person(myself)}</h3>
              <p className={css.soft}>
                {[myself.position, myself.department_name].filter(Boolean).join(" · ") || myself.email}
              </p>
            </div>
          </div>
          <Details myself={myself} />
          <Looks />
          <Persons />
        </>
      )}
    </SectionPage>
  );
}

const OWN = ["first_name", "last_name", "phone", "mobile_phone", "location", "status", "time_zone"] as const;
type Own = Record<(typeof OWN)[number], string>;

function Details({ myself }: { myself: Schemas["ShownMember"] }) {
  const t = useT();
  const { me } = useSession();
  const cache = useQueryClient();
  const [editing, setEditing] = useState<Own>();
  const save = useMutation({
    mutationFn: (own: Own) =>
      good(api.PUT("/v4/members/{id}", { params: { path: { id: me.person } }, body: changed(myself, own) })),
    onSuccess: () => {
      setEditing(undefined);
      toast(t.profile.saved);
      void cache.invalidateQueries({ queryKey: myselfKey(me.person) });
      void cache.invalidateQueries({ queryKey: contactsQuery.queryKey });
    },
  });
  if (!editing) {
    return (
      <Panel
        title={t.profile.details}
        hint={t.profile.detailsHint}
        action={<Button onClick={() => setEditing(ownOf(myself))}>{t.common.edit}</Button>}
      >
        <Facts
          facts={[
            [t.profile.email, myself.email],
            [t.profile.position, myself.position],
            [t.profile.department, myself.department_name],
            ...OWN.filter((name) => name !== "first_name" && name !== "last_name").map(
              (name) => [t.profile.own[name], myself[name]?.replaceAll("_", " ")] as const,
            ),
          ]}
        />
      </Panel>
    );
  }
  const field = (name: keyof Own) => ({
    label: t.profile.own[name],
    value: editing[name],
    onChange: ({ target }: { target: { value: string } }) => setEditing({ ...editing, [name]: target.value }),
  });
  return (
    <Panel title={t.profile.details} hint={t.profile.detailsHint}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(editing);
        }}
      >
        <div className={css.two}>
          <TextField {...field("first_name")} autoComplete="given-name" autoFocus />
          <TextField {...field("last_name")} autoComplete="family-name" />
          <TextField {...field("phone")} type="tel" autoComplete="tel" />
          <TextField {...field("mobile_phone")} type="tel" />
          <TextField {...field("location")} />
          <TextField {...field("status")} hint={t.profile.statusHint} />
          <Select {...field("time_zone")} hint={t.profile.zoneHint}>
            <option value="">{t.profile.zoneOfOrganisation}</option>
            {zones(editing.time_zone).map((zone) => (
              <option key={zone} value={zone}>
                {zone.replaceAll("_", " ")}
              </option>
            ))}
          </Select>
        </div>
        <ProblemNote error={save.error} />
        <div className={css.buttons}>
          <Button type="submit" kind="primary" busy={save.isPending}>
            {t.common.save}
          </Button>
          <Button onClick={() => setEditing(undefined)}>{t.common.cancel}</Button>
        </div>
      </form>
    </Panel>
  );
}

const ownOf = (myself: Schemas["ShownMember"]): Own =>
  Object.fromEntries(OWN.map((name) => [name, myself[name] ?? ""])) as Own;

/** What differs; an empty text clears. */
function changed(myself: Schemas["ShownMember"], own: Own): Partial<Own> {
  return Object.fromEntries(
    OWN.filter((name) => (myself[name] ?? "") !== own[name]).map((name) => [name, own[name]]),
  );
}

function Looks() {
  const { language, speak, t } = useSpeech();
  const [theme, setTheme] = useState<Theme>(chosenTheme);
  return (
    <Panel title={t.profile.looks} hint={t.profile.looksHint}>
      <div className={css.two}>
        <Select
          label={t.nav.language}
          value={language}
          onChange={({ target }) => speak(target.value as Language)}
        >
          {(Object.keys(LANGUAGES) as Language[]).map((code) => (
            <option key={code} value={code}>
              {LANGUAGES[code]}
            </option>
          ))}
        </Select>
        <Select
          label={t.nav.theme}
          value={theme}
          onChange={({ target }) => {
            chooseTheme(target.value as Theme);
            setTheme(target.value as Theme);
          }}
        >
          {(["system", "light", "dark"] as const).map((choice) => (
            <option key={choice} value={choice}>
              {t.nav.themes[choice]}
            </option>
          ))}
        </Select>
      </div>
      <LetterKeys />
    </Panel>
  );
}

/** Shown to those who are somebody in more than one organisation. */
function Persons() {
  const t = useT();
  const format = useFormat();
  const { me } = useSession();
  const { data } = useQuery({ queryKey: ["session"], queryFn: () => good(api.GET("/v4/session")) });
  const go = useMutation({
    mutationFn: (person: number) => good(api.PUT("/v4/session", { body: { person_id: person } })),
    onSuccess: (answer) => {
      cookieRenewed();
      void signedIn(answer);
    },
  });
  const persons = data?.persons ?? [];
  if (persons.length < 2) return null;
  return (
    <Panel title={t.profile.persons} hint={t.profile.personsHint}>
      <Rows>
        {persons.map((person) => (
          <Row
            key={person.person_id}
            icon={<Building2 size={18} />}
            title={
              <>
                {person.organization}
                {person.person_id === me.person && <Badge tone="good">{t.profile.here}</Badge>}
              </>
            }
            note={format.person(person)}
            action={
              person.person_id !== me.person && (
                <Button
                  size="s"
                  busy={go.isPending && go.variables === person.person_id}
                  onClick={() => go.mutate(person.person_id)}
                >
                  {t.profile.goOn}
                </Button>
              )
            }
          />
        ))}
      </Rows>
      <ProblemNote error={go.error} />
    </Panel>
  );
}
