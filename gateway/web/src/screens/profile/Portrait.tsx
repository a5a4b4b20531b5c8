// One's own picture: chosen, cut to a square, seen by everybody.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Camera, Trash2 } from "lucide-react";
import { useRef } from "react";
import { api, good, type Schemas } from "~/api/client";
import { useSession } from "~/app/context";
import { upload } from "~/files/upload";
import { useT } from "~/i18n";
import { contactsQuery } from "~/store/directory";
import { myselfKey } from "~/store/rights";
import { Avatar } from "~/ui/Avatar";
import { Button } from "~/ui/Button";
import { useProblemText } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import { NoPicture, squareOf } from "./picture";
import css from "./profile.module.css";

export function Portrait({ myself }: { myself: Schemas["ShownMember"] }) {
  const { profile: t } = useT();
  const problem = useProblemText();
  const { me } = useSession();
  const cache = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const change = useMutation({
    mutationFn: async (file: File | undefined) => {
      const params = { path: { id: me.person } };
      if (!file) return good(api.PUT("/v4/members/{id}/avatar", { params, body: { guid: null } }));
      const picture = { name: "portrait.jpg", blob: await squareOf(file), key: crypto.randomUUID() };
      const guid = await upload(picture, () => undefined, new AbortController().signal);
      return good(api.PUT("/v4/members/{id}/avatar", { params, body: { guid } }));
    },
    onSuccess: () => {
      toast(t.saved);
      void cache.invalidateQueries({ queryKey: myselfKey(me.person) });
      void cache.invalidateQueries({ queryKey: contactsQuery.queryKey });
    },
    onError: (error) => toast(error instanceof NoPicture ? t.noPicture : problem(error), { tone: "bad" }),
  });
  return (
    <div className={css.portrait}>
      <Avatar person={myself} size={72} />
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t.picture}
        accept="image/*"
        onChange={({ target }) => {
          const file = target.files?.[0];
          target.value = "";
          if (file) change.mutate(file);
        }}
      />
      <Button
        size="s"
        icon={<Camera size={15} />}
        busy={change.isPending}
        onClick={() => input.current?.click()}
      >
        {t.picture}
      </Button>
      {myself.avatar_id != null && (
        <Button
          size="s"
          kind="quiet"
          icon={<Trash2 size={15} />}
          disabled={change.isPending}
          onClick={() => change.mutate(undefined)}
        >
          {t.noMorePicture}
        </Button>
      )}
    </div>
  );
}
