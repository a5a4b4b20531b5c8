// The awards of the organisation, and from how many points they are given and taken.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Award as AwardIcon, Plus } from "lucide-react";
import { useState } from "react";
import { api, good } from "~/api/client";
import { Opening } from "~/app/Opening";
import { useT } from "~/i18n";
import { useRights } from "~/store/rights";
import { Button } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Dialog } from "~/ui/Dialog";
import { Empty } from "~/ui/Empty";
import { TextArea, TextField } from "~/ui/Field";
import { Row, Rows } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage } from "~/ui/Sections";
import { toast } from "~/ui/toast";
import css from "../members/members.module.css";
import { type Award, awardsQuery, managesAwards } from "./awards";

export default function Awards() {
  const t = useT();
  const cache = useQueryClient();
  const manages = managesAwards(useRights());
  const [open, setOpen] = useState<Award | "new">();
  const [removing, setRemoving] = useState<Award>();
  const { data: awards, error, refetch } = useQuery(awardsQuery);
  const refresh = () => cache.invalidateQueries({ queryKey: awardsQuery.queryKey });
  const saved = async () => {
    setOpen(undefined);
    toast(t.organisation.awards.saved);
    await refresh();
  };
  return (
    <SectionPage
      title={t.administration.sections.awards}
      note={manages ? t.organisation.awards.hint : t.organisation.awards.closed}
      width="text"
      actions={
        manages && (
          <Button kind="primary" icon={<Plus size={16} />} onClick={() => setOpen("new")}>
            {t.organisation.awards.add}
          </Button>
        )
      }
    >
      <ProblemNote error={error} onRetry={() => void refetch()} />
      {!awards && !error && <Opening />}
      {awards?.length === 0 && (
        <Empty icon={<AwardIcon size={24} />} title={t.organisation.awards.none}>
          {t.organisation.awards.noneHint}
        </Empty>
      )}
      {awards && awards.length > 0 && (
        <Rows label={t.administration.sections.awards}>
          {awards.map((award) => (
            <Row
              key={award.id}
              icon={<AwardIcon size={18} />}
              title={award.name}
              note={[
                award.description,
                manages &&
                  t.organisation.awards.thresholds(award.grant_threshold ?? 0, award.revoke_threshold ?? 0),
              ]
                .filter(Boolean)
                .join(" · ")}
              action={
                manages && (
                  <>
                    <Button size="s" onClick={() => setOpen(award)}>
                      {t.common.edit}
                    </Button>
                    <Button size="s" kind="quiet" onClick={() => setRemoving(award)}>
                      {t.organisation.awards.remove}
                    </Button>
                  </>
                )
              }
            />
          ))}
        </Rows>
      )}
      <Dialog
        open={open !== undefined}
        size="s"
        onClose={() => setOpen(undefined)}
        title={open === "new" ? t.organisation.awards.add : (open?.name ?? "")}
      >
        {open !== undefined && <AwardForm award={open === "new" ? undefined : open} onDone={saved} />}
      </Dialog>
      <Confirm
        open={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={t.organisation.awards.removeOne(removing?.name ?? "")}
        yes={t.organisation.awards.remove}
        onYes={async () => {
          await good(api.DELETE("/v4/awards/{id}", { params: { path: { id: removing?.id ?? 0 } } }));
          await refresh();
        }}
      >
        <p>{t.organisation.awards.removeHint}</p>
      </Confirm>
    </SectionPage>
  );
}

function AwardForm({ award, onDone }: { award: Award | undefined; onDone: () => Promise<unknown> }) {
  const t = useT();
  const [name, setName] = useState(award?.name ?? "");
  const [description, setDescription] = useState(award?.description ?? "");
  const [grant, setGrant] = useState(String(award?.grant_threshold || ""));
  const [revoke, setRevoke] = useState(String(award?.revoke_threshold || ""));
  const save = useMutation({
    mutationFn: async () => {
      const body = { name: name.trim(), description: description.trim() };
      const bounds = { grant_threshold: Number(grant) || 0, revoke_threshold: Number(revoke) || 0 };
      if (!award) return good(api.POST("/v4/awards", { body: { ...body, ...bounds } }));
      const params = { path: { id: award.id } };
      await good(api.PUT("/v4/awards/{id}", { params, body }));
      return good(api.PUT("/v4/awards/{id}/threshold", { params, body: bounds }));
    },
    onSuccess: () => onDone(),
  });
  const number = (value: string, set: (next: string) => void) => ({
    inputMode: "numeric" as const,
    value,
    onChange: ({ target }: { target: { value: string } }) => set(target.value.replace(/\D/g, "")),
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
        label={t.organisation.awards.name}
        required
        autoFocus
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <TextArea
        label={t.organisation.awards.description}
        value={description}
        onChange={({ target }) => setDescription(target.value)}
      />
      <div className={css.two}>
        <TextField
          label={t.organisation.awards.grant}
          hint={t.organisation.awards.grantHint}
          {...number(grant, setGrant)}
        />
        <TextField
          label={t.organisation.awards.revoke}
          hint={t.organisation.awards.revokeHint}
          {...number(revoke, setRevoke)}
        />
      </div>
      <ProblemNote error={save.error} />
      <Button type="submit" kind="primary" busy={save.isPending} disabled={!name.trim()}>
        {t.common.save}
      </Button>
    </form>
  );
}
