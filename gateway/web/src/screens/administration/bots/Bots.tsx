// Bots: programs that take part in tasks, what calls them, and with what they sign in.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bot as BotIcon, Ellipsis, KeyRound, Pencil, Plus, UserMinus } from "lucide-react";
import { useState } from "react";
import { api, good, type Schemas } from "~/api/client";
import { useActions } from "~/app/actions";
import { Opening } from "~/app/Opening";
import { useT } from "~/i18n";
import { contactsQuery } from "~/store/directory";
import { Badge } from "~/ui/Badge";
import { Button, IconButton } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Dialog } from "~/ui/Dialog";
import { Empty } from "~/ui/Empty";
import { Facts } from "~/ui/Facts";
import { Menu } from "~/ui/Menu";
import { Row, Rows } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { Secret } from "~/ui/Secret";
import { SectionPage } from "~/ui/Sections";
import { toast } from "~/ui/toast";
import { Dismiss } from "../members/Dismiss";
import { BotForm } from "./BotForm";

export type Bot = Schemas["ShownBot"];

export default function Bots() {
  const t = useT();
  const cache = useQueryClient();
  const [open, setOpen] = useState<Bot | "new">();
  const [leaving, setLeaving] = useState<Bot>();
  const [keyOf, setKeyOf] = useState<Bot>();
  const { data, error, refetch } = useQuery({
    queryKey: ["bots"],
    queryFn: () => good(api.GET("/v4/bots")),
    meta: { kept: false },
  });
  useActions([
    { id: "administration.add_bot", label: t.organisation.bots.add, keys: "n", run: () => setOpen("new") },
  ]);
  const issue = useMutation({
    mutationFn: (bot: Bot) =>
      good(api.POST("/v4/members/{id}/security_key", { params: { path: { id: bot.id } } })),
  });
  const bots = data?.bots ?? [];
  const refresh = async () => {
    await cache.invalidateQueries({ queryKey: ["bots"] });
    void cache.invalidateQueries({ queryKey: contactsQuery.queryKey });
  };
  return (
    <SectionPage
      title={t.administration.sections.bots}
      note={t.organisation.bots.hint}
      width="text"
      actions={
        <Button kind="primary" icon={<Plus size={16} />} onClick={() => setOpen("new")}>
          {t.organisation.bots.add}
        </Button>
      }
    >
      <ProblemNote error={error} onRetry={() => void refetch()} />
      {!data && !error && <Opening />}
      {data && bots.length === 0 && (
        <Empty icon={<BotIcon size={24} />} title={t.organisation.bots.none}>
          {t.organisation.bots.noneHint}
        </Empty>
      )}
      {bots.length > 0 && (
        <Rows label={t.administration.sections.bots}>
          {bots.map((bot) => (
            <Row
              key={bot.id}
              icon={<BotIcon size={18} />}
              title={
                <>
                  {bot.name}
                  <Badge tone={bot.is_enabled ? "good" : "neutral"}>
                    {bot.is_enabled ? t.organisation.bots.on : t.organisation.bots.off}
                  </Badge>
                </>
              }
              note={[bot.description, bot.hook_url || t.organisation.bots.noHook].filter(Boolean).join(" · ")}
              action={
                <Menu
                  button={
                    <IconButton label={`${t.common.more}: ${bot.name}`}>
                      <Ellipsis size={18} />
                    </IconButton>
                  }
                  choices={[
                    { label: t.common.edit, icon: <Pencil size={15} />, onChoose: () => setOpen(bot) },
                    {
                      label: t.organisation.bots.key,
                      icon: <KeyRound size={15} />,
                      onChoose: () => setKeyOf(bot),
                    },
                    null,
                    {
                      label: t.organisation.bots.dismiss,
                      icon: <UserMinus size={15} />,
                      danger: true,
                      onChoose: () => setLeaving(bot),
                    },
                  ]}
                />
              }
            />
          ))}
        </Rows>
      )}
      <Dialog
        open={open !== undefined}
        onClose={() => setOpen(undefined)}
        title={open === "new" ? t.organisation.bots.add : (open?.name ?? "")}
      >
        {open !== undefined && (
          <BotForm
            bot={open === "new" ? undefined : open}
            onDone={async (bot) => {
              toast(t.organisation.bots.saved);
              // A new one needs its key next.
              setKeyOf(open === "new" ? bot : undefined);
              setOpen(undefined);
              await refresh();
            }}
          />
        )}
      </Dialog>
      <Confirm
        open={keyOf !== undefined && issue.data === undefined}
        onClose={() => setKeyOf(undefined)}
        title={t.organisation.bots.key}
        yes={t.organisation.bots.issue}
        danger={false}
        onYes={async () => {
          if (keyOf) await issue.mutateAsync(keyOf);
        }}
      >
        <p>{t.organisation.bots.keyHint}</p>
        <Facts facts={[[t.organisation.bots.login, keyOf?.login]]} />
        <p>{t.organisation.bots.issueAgainHint}</p>
      </Confirm>
      <Dialog
        open={issue.data !== undefined}
        firm
        title={t.organisation.bots.key}
        onClose={() => issue.reset()}
        foot={
          <Button
            kind="primary"
            onClick={() => {
              issue.reset();
              setKeyOf(undefined);
            }}
          >
            {t.profile.apiKeyKept}
          </Button>
        }
      >
        <p>{t.organisation.bots.once}</p>
        {issue.variables?.login && <Secret text={issue.variables.login} label={t.organisation.bots.login} />}
        {issue.data && <Secret text={issue.data.security_key} label={t.organisation.bots.key} />}
      </Dialog>
      <Dismiss
        open={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={t.organisation.bots.dismissOne(leaving?.name ?? "")}
        leaving={leaving ? [leaving.id] : []}
        onDismiss={async (receiver) => {
          const params = { path: { id: leaving?.id ?? 0 } };
          await good(api.DELETE("/v4/bots/{id}", { params, body: { task_receiver_id: receiver } }));
          await refresh();
        }}
      />
    </SectionPage>
  );
}
