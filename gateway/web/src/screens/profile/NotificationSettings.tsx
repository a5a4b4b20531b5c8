// What comes where: reasons by channel, for all tasks and for those of single forms, and the hours in which mail and push wait.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useEffect, useState } from "react";
import { api, good } from "~/api/client";
import { Opening } from "~/app/Opening";
import { useT } from "~/i18n";
import { Button, IconButton } from "~/ui/Button";
import { Select, TextField } from "~/ui/Field";
import { Panel } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage } from "~/ui/Sections";
import { Switch } from "~/ui/Switch";
import { toast } from "~/ui/toast";
import { CHANNELS, type Channel, comes, REASONS, type Reason, type Silent, turned } from "./channels";
import { formsQuery } from "./named";
import css from "./profile.module.css";

interface Settings {
  silent: Silent;
  forms: { form_id: number; silent: Silent }[];
  quiet_hours?: { from: string; until: string } | null;
}

const KEY = ["notification_settings"];
const NIGHT = { from: "20:00", until: "08:00" };

export default function NotificationSettings() {
  const t = useT();
  const cache = useQueryClient();
  const kept = useQuery({
    queryKey: KEY,
    queryFn: () => good(api.GET("/v4/notification_settings")) as Promise<Settings>,
  });
  const { data: forms } = useQuery(formsQuery);
  // What was changed and is not saved yet lies over what is kept.
  const [edited, setEdited] = useState<Settings>();
  const save = useMutation({
    mutationFn: (next: Settings) =>
      good(
        api.PUT("/v4/notification_settings", { body: next as never }),
      ) as Promise<unknown> as Promise<Settings>,
    onSuccess: (next) => {
      cache.setQueryData(KEY, next);
      setEdited(undefined);
      toast(t.profile.saved);
    },
  });
  const shown = edited ?? kept.data;
  useEffect(() => {
    if (!edited) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [edited]);
  const nameOf = (id: number) =>
    forms?.forms?.find((form) => form.id === id)?.name ?? t.profile.formNumber(id);
  const free = (forms?.forms ?? []).filter(({ id }) => !shown?.forms.some(({ form_id }) => form_id === id));
  return (
    <SectionPage
      title={t.profile.sections.notifications}
      note={t.profile.notificationsHint}
      width="text"
      actions={
        edited && (
          <>
            <Button onClick={() => setEdited(undefined)}>{t.common.cancel}</Button>
            <Button kind="primary" busy={save.isPending} onClick={() => save.mutate(edited)}>
              {t.common.save}
            </Button>
          </>
        )
      }
    >
      <ProblemNote
        error={save.error ?? (shown ? undefined : kept.error)}
        onRetry={save.error ? undefined : () => void kept.refetch()}
      />
      {!shown && !kept.error && <Opening />}
      {shown && (
        <>
          <Panel title={t.profile.everywhere} hint={t.profile.everywhereHint}>
            <Matrix silent={shown.silent} onChange={(silent) => setEdited({ ...shown, silent })} />
          </Panel>
          <Panel title={t.profile.quiet} hint={t.profile.quietHint}>
            <Switch
              label={t.profile.quietOn}
              checked={Boolean(shown.quiet_hours)}
              onChange={(on) => setEdited({ ...shown, quiet_hours: on ? NIGHT : null })}
            />
            {shown.quiet_hours && (
              <div className={css.times}>
                {(["from", "until"] as const).map((end) => (
                  <TextField
                    key={end}
                    type="time"
                    label={t.profile.quietEnds[end]}
                    required
                    value={shown.quiet_hours?.[end] ?? ""}
                    onChange={({ target }) =>
                      target.value &&
                      setEdited({
                        ...shown,
                        quiet_hours: { ...(shown.quiet_hours ?? NIGHT), [end]: target.value },
                      })
                    }
                  />
                ))}
              </div>
            )}
          </Panel>
          {shown.forms.map((form) => (
            <Panel
              key={form.form_id}
              title={nameOf(form.form_id)}
              hint={t.profile.formHint}
              action={
                <IconButton
                  label={t.profile.formRemove(nameOf(form.form_id))}
                  onClick={() =>
                    setEdited({ ...shown, forms: shown.forms.filter((other) => other !== form) })
                  }
                >
                  <Trash2 size={16} />
                </IconButton>
              }
            >
              <Matrix
                silent={form.silent}
                onChange={(silent) =>
                  setEdited({
                    ...shown,
                    forms: shown.forms.map((other) => (other === form ? { ...form, silent } : other)),
                  })
                }
              />
            </Panel>
          ))}
          <Panel title={t.profile.forms} hint={t.profile.formsHint}>
            {free.length > 0 && (
              <div className={css.narrow}>
                <Select
                  label={t.profile.formAdd}
                  value=""
                  onChange={({ target }) =>
                    setEdited({
                      ...shown,
                      forms: [...shown.forms, { form_id: Number(target.value), silent: shown.silent }],
                    })
                  }
                >
                  <option value="">{t.profile.formChoose}</option>
                  {free.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </Select>
              </div>
            )}
          </Panel>
        </>
      )}
    </SectionPage>
  );
}

function Matrix({ silent, onChange }: { silent: Silent; onChange: (silent: Silent) => void }) {
  const t = useT();
  const cell = (channel: Channel, reason: Reason) => (
    <td key={channel}>
      <label>
        <span className="hidden">{`${t.profile.reasons[reason][0]}: ${t.profile.channels[channel]}`}</span>
        <input
          type="checkbox"
          checked={comes(silent, channel, reason)}
          onChange={() => onChange(turned(silent, channel, reason))}
        />
      </label>
    </td>
  );
  return (
    <div className={css.matrix}>
      <table>
        <thead>
          <tr>
            <td />
            {CHANNELS.map((channel) => (
              <th key={channel} scope="col">
                {t.profile.channels[channel]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {REASONS.map((reason) => (
            <tr key={reason}>
              <th scope="row">
                {t.profile.reasons[reason][0]}
                <small>{t.profile.reasons[reason][1]}</small>
              </th>
              {CHANNELS.map((channel) => cell(channel, reason))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
