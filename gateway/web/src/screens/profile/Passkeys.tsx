// Passkeys: made, named and given up.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, KeyRound, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { api, good, type Schemas } from "~/api/client";
import { passkeysWork } from "~/api/passkeys";
import { cookieRenewed } from "~/api/proof";
import { useFormat, useT } from "~/i18n";
import { PasskeySetUp } from "~/screens/factors/PasskeySetUp";
import { Button, IconButton } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Dialog } from "~/ui/Dialog";
import { TextField } from "~/ui/Field";
import { Menu } from "~/ui/Menu";
import { Panel, Row, Rows } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import css from "./profile.module.css";

type Passkey = Schemas["ShownPasskey"];

export function Passkeys({ account }: { account: Schemas["ShownAccount"] }) {
  const t = useT();
  const format = useFormat();
  const cache = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [renamed, setRenamed] = useState<{ passkey: Passkey; name: string }>();
  const [removed, setRemoved] = useState<Passkey>();
  const known = (next: Schemas["ShownAccount"]) => cache.setQueryData(["account"], next);
  const rename = useMutation({
    mutationFn: ({ passkey, name }: { passkey: Passkey; name: string }) => {
      const params = { path: { id: passkey.passkey_id } };
      return good(api.PUT("/v4/account/passkeys/{id}", { params, body: { name } }));
    },
    onSuccess: (next) => {
      known(next);
      setRenamed(undefined);
    },
  });
  return (
    <Panel
      title={t.profile.passkeys}
      hint={passkeysWork() ? t.profile.passkeysHint : t.factors.passkeysUnknown}
      action={
        passkeysWork() && (
          <Button icon={<Plus size={16} />} onClick={() => setAdding(true)}>
            {t.profile.passkeyAdd}
          </Button>
        )
      }
    >
      {account.passkeys.length > 0 && (
        <Rows>
          {account.passkeys.map((passkey) => (
            <Row
              key={passkey.passkey_id}
              icon={<KeyRound size={18} />}
              title={passkey.name}
              note={
                passkey.last_used
                  ? t.profile.lastUsed(format.relative(passkey.last_used))
                  : passkey.created && t.profile.made(format.relative(passkey.created))
              }
              action={
                <Menu
                  button={
                    <IconButton label={t.common.more}>
                      <Ellipsis size={18} />
                    </IconButton>
                  }
                  choices={[
                    {
                      label: t.profile.rename,
                      icon: <Pencil size={15} />,
                      onChoose: () => setRenamed({ passkey, name: passkey.name }),
                    },
                    {
                      label: t.common.remove,
                      icon: <Trash2 size={15} />,
                      danger: true,
                      onChoose: () => setRemoved(passkey),
                    },
                  ]}
                />
              }
            />
          ))}
        </Rows>
      )}
      <Dialog open={adding} size="s" title={t.profile.passkeyAdd} onClose={() => setAdding(false)}>
        <PasskeySetUp
          onDone={(next) => {
            known(next);
            setAdding(false);
            toast(t.profile.passkeyDone);
          }}
        />
      </Dialog>
      <Dialog
        open={renamed !== undefined}
        size="s"
        title={t.profile.rename}
        onClose={() => setRenamed(undefined)}
      >
        {renamed && (
          <form
            className={css.form}
            onSubmit={(event) => {
              event.preventDefault();
              rename.mutate(renamed);
            }}
          >
            <TextField
              label={t.factors.passkeyName}
              required
              autoFocus
              maxLength={100}
              value={renamed.name}
              onChange={({ target }) => setRenamed({ ...renamed, name: target.value })}
            />
            <ProblemNote error={rename.error} />
            <Button type="submit" kind="primary" busy={rename.isPending} disabled={!renamed.name.trim()}>
              {t.common.save}
            </Button>
          </form>
        )}
      </Dialog>
      <Confirm
        open={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={t.profile.passkeyRemove(removed?.name ?? "")}
        yes={t.common.remove}
        onYes={async () => {
          const params = { path: { id: removed?.passkey_id ?? "" } };
          known(await good(api.DELETE("/v4/account/passkeys/{id}", { params })));
          cookieRenewed();
        }}
      >
        <p>{t.profile.passkeyRemoveHint}</p>
      </Confirm>
    </Panel>
  );
}
