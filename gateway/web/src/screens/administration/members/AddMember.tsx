// Somebody new: invited by a link, or added at once, to be given a key.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, good } from "~/api/client";
import { useSession } from "~/app/context";
import { useT } from "~/i18n";
import { contactsQuery } from "~/store/directory";
import { useDraft } from "~/store/drafts";
import { useRights } from "~/store/rights";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Select, TextField } from "~/ui/Field";
import { ProblemNote } from "~/ui/ProblemNote";
import { Secret } from "~/ui/Secret";
import { Switch } from "~/ui/Switch";
import { toast } from "~/ui/toast";
import { departmentsQuery } from "./member";
import css from "./members.module.css";
import { NEWCOMER, PRESETS, type Preset, presetOf } from "./rights";

interface Newcomer {
  email: string;
  first_name: string;
  last_name: string;
  position: string;
  department?: number;
  guest: boolean;
  rights: number;
  /** By a link, rather than without one. */
  invite: boolean;
}

const NOBODY: Newcomer = {
  email: "",
  first_name: "",
  last_name: "",
  position: "",
  guest: false,
  rights: NEWCOMER,
  invite: true,
};

export function AddMember({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT();
  const [link, setLink] = useState<string>();
  const close = () => {
    setLink(undefined);
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={link ? t.administration.members.invited : t.administration.members.add}
      foot={
        link && (
          <Button kind="primary" onClick={close}>
            {t.common.done}
          </Button>
        )
      }
    >
      {link ? (
        <>
          <p>{t.administration.members.invitedHint}</p>
          <Secret text={link} label={t.administration.members.link} />
        </>
      ) : (
        open && <AddForm onInvited={setLink} onAdded={close} />
      )}
    </Dialog>
  );
}

function AddForm({ onInvited, onAdded }: { onInvited: (link: string) => void; onAdded: () => void }) {
  const t = useT();
  const mine = useRights();
  const { me } = useSession();
  const cache = useQueryClient();
  const { data: departments } = useQuery(departmentsQuery);
  const [draft, setDraft] = useDraft<Newcomer>(`new_member:${me.organisation}`);
  const typed = draft ?? NOBODY;
  const set = (more: Partial<Newcomer>) => setDraft({ ...typed, ...more });
  const add = useMutation({
    mutationFn: async (newcomer: Newcomer) => {
      const { department, guest, invite, rights, email, ...rest } = newcomer;
      const names = Object.fromEntries(
        Object.entries(rest).flatMap(([name, text]) => (text.trim() ? [[name, text.trim()]] : [])),
      );
      const body = {
        ...names,
        email: email.trim(),
        ...(department && { department_id: department }),
        ...(!guest && rights !== NEWCOMER && { rights }),
      };
      if (!invite)
        return good(api.POST("/v4/members", { body: { ...body, ...(guest && { type: "guest" }) } as never }));
      return good(api.POST("/v4/invitations", { body: { ...body, ...(guest && { guest }) } as never }));
    },
    onSuccess: (answer) => {
      setDraft(undefined);
      for (const queryKey of [["members"], ["invitations"], contactsQuery.queryKey])
        void cache.invalidateQueries({ queryKey });
      if ("link" in answer && answer.link) onInvited(answer.link);
      else {
        toast(t.administration.members.added);
        onAdded();
      }
    },
  });
  const presets = (Object.keys(PRESETS) as Preset[]).filter(
    (name) => (PRESETS[name] & ~mine & ~NEWCOMER) === 0,
  );
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate(typed);
      }}
    >
      <TextField
        label={t.profile.email}
        type="email"
        required
        autoFocus
        value={typed.email}
        onChange={({ target }) => set({ email: target.value })}
      />
      <div className={css.two}>
        <TextField
          label={t.profile.own.first_name}
          hint={typed.invite ? t.administration.members.nameHint : undefined}
          required={!typed.invite}
          value={typed.first_name}
          onChange={({ target }) => set({ first_name: target.value })}
        />
        <TextField
          label={t.profile.own.last_name}
          value={typed.last_name}
          onChange={({ target }) => set({ last_name: target.value })}
        />
        <TextField
          label={t.profile.position}
          value={typed.position}
          onChange={({ target }) => set({ position: target.value })}
        />
        <Select
          label={t.profile.department}
          value={typed.department ?? ""}
          onChange={({ target }) => set({ department: Number(target.value) || undefined })}
        >
          <option value="">{t.administration.members.noDepartment}</option>
          {(departments?.departments ?? []).map(({ id, department_name: name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </div>
      {!typed.guest && presets.length > 1 && (
        <Select
          label={t.administration.preset}
          hint={t.administration.members.rightsLater}
          value={presetOf(typed.rights) ?? ""}
          onChange={({ target }) => set({ rights: PRESETS[target.value as Preset] })}
        >
          {presets.map((name) => (
            <option key={name} value={name}>
              {t.administration.presets[name]}
            </option>
          ))}
        </Select>
      )}
      <div>
        <Switch
          label={t.administration.members.guest}
          hint={t.administration.members.guestHint}
          checked={typed.guest}
          onChange={(guest) => set({ guest })}
        />
        <Switch
          label={t.administration.members.byLink}
          hint={t.administration.members.byLinkHint}
          checked={typed.invite}
          onChange={(invite) => set({ invite })}
        />
      </div>
      <ProblemNote error={add.error} />
      <Button type="submit" kind="primary" busy={add.isPending}>
        {typed.invite ? t.administration.members.invite : t.administration.members.addNow}
      </Button>
    </form>
  );
}
