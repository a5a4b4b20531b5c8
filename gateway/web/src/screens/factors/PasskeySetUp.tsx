// A passkey, made by this device or one beside it, under a name by which it is known again.

import { useMutation } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { api, good, type Schemas } from "~/api/client";
import { makePasskey, NoPasskey, passkeysWork } from "~/api/passkeys";
import { cookieRenewed } from "~/api/proof";
import { useT } from "~/i18n";
import { programOf } from "~/screens/profile/agent";
import { Button } from "~/ui/Button";
import { TextField } from "~/ui/Field";
import { FactorProblem } from "./FactorProblem";
import css from "./factors.module.css";

const NAME_MAX = 100;

export function PasskeySetUp({ onDone }: { onDone: (account: Schemas["ShownAccount"]) => void }) {
  const t = useT();
  const [name, setName] = useState(() => {
    const { program, system } = programOf(navigator.userAgent);
    return [program, system].filter(Boolean).join(", ");
  });
  const make = useMutation({
    mutationFn: async () => {
      const made = await makePasskey();
      return good(api.PUT("/v4/account/passkeys", { body: { ...made, name: name.trim() } }));
    },
    onSuccess: (account) => {
      cookieRenewed();
      onDone(account);
    },
  });
  if (!passkeysWork()) return <p>{t.factors.passkeysUnknown}</p>;
  const closed = make.error instanceof NoPasskey && !make.error.refused;
  return (
    <form
      className={css.steps}
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <p>{t.factors.passkeyHint}</p>
      <TextField
        label={t.factors.passkeyName}
        hint={t.factors.passkeyNameHint}
        required
        maxLength={NAME_MAX}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      {closed ? <p role="status">{t.factors.passkeyClosed}</p> : <FactorProblem error={make.error} />}
      <Button
        type="submit"
        kind="primary"
        icon={<KeyRound size={16} />}
        busy={make.isPending}
        disabled={!name.trim()}
      >
        {t.factors.passkeyMake}
      </Button>
    </form>
  );
}
