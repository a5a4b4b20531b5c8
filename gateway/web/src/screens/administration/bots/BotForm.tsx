// A bot, new or changed.

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, good } from "~/api/client";
import { useT } from "~/i18n";
import { useRights } from "~/store/rights";
import { Button } from "~/ui/Button";
import { TextArea, TextField } from "~/ui/Field";
import { ProblemNote } from "~/ui/ProblemNote";
import { Switch } from "~/ui/Switch";
import css from "../members/members.module.css";
import { RightsSwitches } from "../members/RightsSwitches";
import type { Bot } from "./Bots";

export function BotForm({ bot, onDone }: { bot: Bot | undefined; onDone: (bot: Bot) => Promise<unknown> }) {
  const t = useT();
  const mine = useRights();
  const [typed, setTyped] = useState({
    name: bot?.name ?? "",
    description: bot?.description ?? "",
    hook_url: bot?.hook_url ?? "",
    bot_settings: bot?.bot_settings ?? "",
    is_enabled: bot?.is_enabled ?? true,
    send_only_last_comment: bot?.send_only_last_comment ?? false,
  });
  const [rights, setRights] = useState(bot?.rights);
  const set = (more: Partial<typeof typed>) => setTyped({ ...typed, ...more });
  const save = useMutation({
    mutationFn: () => {
      const body = {
        ...typed,
        name: typed.name.trim(),
        hook_url: typed.hook_url.trim(),
        ...(rights !== undefined && rights !== bot?.rights && { rights }),
      };
      return bot
        ? good(api.PUT("/v4/bots/{id}", { params: { path: { id: bot.id } }, body }))
        : good(api.POST("/v4/bots", { body }));
    },
    onSuccess: (saved) => onDone(saved),
  });
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextField
        label={t.organisation.bots.name}
        required
        autoFocus
        value={typed.name}
        onChange={({ target }) => set({ name: target.value })}
      />
      <TextField
        label={t.organisation.bots.description}
        value={typed.description}
        onChange={({ target }) => set({ description: target.value })}
      />
      <TextField
        label={t.organisation.bots.hook}
        hint={t.organisation.bots.hookHint}
        type="url"
        value={typed.hook_url}
        onChange={({ target }) => set({ hook_url: target.value })}
      />
      <TextArea
        label={t.organisation.bots.settings}
        hint={t.organisation.bots.settingsHint}
        value={typed.bot_settings}
        onChange={({ target }) => set({ bot_settings: target.value })}
      />
      <div>
        <Switch
          label={t.organisation.bots.enabled}
          hint={t.organisation.bots.enabledHint}
          checked={typed.is_enabled}
          onChange={(is_enabled) => set({ is_enabled })}
        />
        <Switch
          label={t.organisation.bots.lastOnly}
          hint={t.organisation.bots.lastOnlyHint}
          checked={typed.send_only_last_comment}
          onChange={(send_only_last_comment) => set({ send_only_last_comment })}
        />
      </div>
      {bot && rights !== undefined && (
        <details>
          <summary>{t.administration.members.rights}</summary>
          <p className={css.soft}>{t.organisation.bots.rightsHint}</p>
          <RightsSwitches rights={rights} onChange={setRights} mine={mine} />
        </details>
      )}
      <ProblemNote error={save.error} />
      <Button type="submit" kind="primary" busy={save.isPending} disabled={!typed.name.trim()}>
        {t.common.save}
      </Button>
    </form>
  );
}
