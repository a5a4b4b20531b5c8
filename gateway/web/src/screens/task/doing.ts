// What a person does with a task, written down in the outbox.

import { useCallback } from "react";
import { useSession } from "~/app/context";
import type { Command } from "~/store/command";

/** For how long what can be taken back is held, in milliseconds. */
export const HELD = 5_000;

export type Body = Record<string, unknown>;

/** Something done to a task through a comment. */
export function useComment(id: number, title: string): (body: Body, held?: boolean) => Promise<Command> {
  const { outbox } = useSession();
  return useCallback(
    (body, held) =>
      outbox.add({
        method: "POST",
        path: `/v4/tasks/${id}/comments`,
        body,
        kind: "comment",
        task: id,
        title,
        ...(held && { after: Date.now() + HELD }),
      }),
    [outbox, id, title],
  );
}
