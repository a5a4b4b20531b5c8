// The security key with which my programs sign in to the API as me. Shown once.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { SquareTerminal } from "lucide-react";
import { useState } from "react";
import { api, good } from "~/api/client";
import { useSession } from "~/app/context";
import { useT } from "~/i18n";
import { myselfKey, useMyself } from "~/store/rights";
import { Button } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Dialog } from "~/ui/Dialog";
import { Panel, Row, Rows } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { Secret } from "~/ui/Secret";

export function ApiKey() {
  const t = useT();
  const { me } = useSession();
  const cache = useQueryClient();
  const { data: myself } = useMyself();
  const [asking, setAsking] = useState<"issue" | "revoke">();
  const changed = () => void cache.invalidateQueries({ queryKey: myselfKey(me.person) });
  const issue = useMutation({
    mutationFn: () => good(api.POST("/v4/profile/security_key")),
    onSuccess: changed,
  });
  const has = myself?.has_security_key === true;
  return (
    <Panel title={t.profile.apiKey} hint={t.profile.apiKeyHint}>
      <Rows>
        <Row
          icon={<SquareTerminal size={18} />}
          title={has ? t.profile.apiKeyThere : t.profile.apiKeyNone}
          note={myself?.email && t.profile.apiKeyLogin(myself.email)}
          action={
            <>
              <Button size="s" busy={issue.isPending} onClick={() => setAsking("issue")}>
                {has ? t.profile.apiKeyAgain : t.profile.apiKeyIssue}
              </Button>
              {has && (
                <Button size="s" kind="quiet" onClick={() => setAsking("revoke")}>
                  {t.profile.revoke}
                </Button>
              )}
            </>
          }
        />
      </Rows>
      <ProblemNote error={issue.error} />
      <Dialog
        open={issue.data !== undefined}
        firm
        title={t.profile.apiKey}
        onClose={() => issue.reset()}
        foot={
          <Button kind="primary" onClick={() => issue.reset()}>
            {t.profile.apiKeyKept}
          </Button>
        }
      >
        <p>{t.profile.apiKeyOnce}</p>
        {issue.data && <Secret text={issue.data.security_key} label={t.profile.apiKey} />}
      </Dialog>
      <Confirm
        open={asking === "issue"}
        onClose={() => setAsking(undefined)}
        title={has ? t.profile.apiKeyAgain : t.profile.apiKeyIssue}
        yes={has ? t.profile.apiKeyAgain : t.profile.apiKeyIssue}
        danger={has}
        onYes={() => issue.mutateAsync()}
      >
        {has && <p>{t.profile.apiKeyAgainHint}</p>}
        <p>{t.profile.apiKeySignsOut}</p>
      </Confirm>
      <Confirm
        open={asking === "revoke"}
        onClose={() => setAsking(undefined)}
        title={t.profile.apiKeyRevoke}
        yes={t.profile.revoke}
        onYes={async () => {
          await good(api.DELETE("/v4/profile/security_key"));
          changed();
        }}
      >
        <p>{t.profile.apiKeyRevokeHint}</p>
        <p>{t.profile.apiKeySignsOutToo}</p>
      </Confirm>
    </Panel>
  );
}
