// What this device keeps of mine, and having it forgotten.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { usePending, useSession } from "~/app/context";
import { useFormat, useT } from "~/i18n";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Facts } from "~/ui/Facts";
import { Panel } from "~/ui/Panel";
import { SectionPage } from "~/ui/Sections";
import { toast } from "~/ui/toast";

const MEBIBYTE = 1024 * 1024;

export default function Storage() {
  const t = useT();
  const format = useFormat();
  const { store, files } = useSession();
  const cache = useQueryClient();
  const pending = usePending();
  const [asking, setAsking] = useState<"answers" | "drafts">();
  const { data, refetch } = useQuery({
    queryKey: ["kept_here"],
    queryFn: async () => {
      const [drafts, answers, estimate, persisted] = await Promise.all([
        store.all("drafts"),
        store.all("answers"),
        navigator.storage?.estimate?.() ?? {},
        navigator.storage?.persisted?.() ?? false,
      ]);
      const letters = answers.reduce((sum, answer) => sum + answer.length, 0);
      return {
        drafts: drafts.length,
        answers: answers.length,
        letters,
        usage: estimate.usage ?? 0,
        persisted,
      };
    },
    staleTime: 0,
    gcTime: 0,
    meta: { kept: false },
  });
  const size = (bytes: number) =>
    t.profile.mebibytes(format.number(Math.round((bytes / MEBIBYTE) * 10) / 10));
  return (
    <SectionPage title={t.profile.sections.storage} note={t.profile.storageHint} width="text">
      <Panel
        title={t.profile.answers}
        hint={t.profile.answersHint}
        action={<Button onClick={() => setAsking("answers")}>{t.profile.forget}</Button>}
      >
        <Facts
          facts={[
            [t.profile.pages, data && format.number(data.answers)],
            [t.profile.size, data && size(data.letters)],
            [t.profile.sizeAll, data && data.usage > 0 && size(data.usage)],
            [
              t.profile.keeping,
              store.kept ? (
                <Badge tone="good">{data?.persisted ? t.profile.keptSurely : t.profile.keptHere}</Badge>
              ) : (
                <Badge tone="bad">{t.nav.notKept}</Badge>
              ),
            ],
          ]}
        />
        {data && !data.persisted && store.kept && navigator.storage?.persist && (
          <div>
            <Button
              onClick={() =>
                void navigator.storage.persist().then((granted) => {
                  toast(granted ? t.profile.persistDone : t.profile.persistRefused);
                  return refetch();
                })
              }
            >
              {t.profile.persist}
            </Button>
          </div>
        )}
      </Panel>
      <Panel
        title={t.profile.unsent}
        hint={t.profile.unsentHint}
        action={
          data &&
          data.drafts > 0 && (
            <Button kind="danger" onClick={() => setAsking("drafts")}>
              {t.profile.forgetDrafts}
            </Button>
          )
        }
      >
        <Facts
          facts={[
            [t.profile.drafts, data && format.number(data.drafts)],
            [t.profile.waiting, format.number(pending.length)],
          ]}
        />
      </Panel>
      <Confirm
        open={asking !== undefined}
        onClose={() => setAsking(undefined)}
        title={asking === "drafts" ? t.profile.forgetDrafts : t.profile.forgetTitle}
        yes={t.profile.forget}
        onYes={async () => {
          if (asking === "drafts") {
            await store.clear("drafts");
            await (await files()).sweep(0);
          } else {
            await store.clear("answers");
            cache.removeQueries({ type: "inactive" });
          }
          toast(t.profile.forgotten);
          await refetch();
        }}
      >
        <p>{asking === "drafts" ? t.profile.forgetDraftsHint : t.profile.forgetHint}</p>
      </Confirm>
    </SectionPage>
  );
}
