// What a person does with a task, written down in the outbox.

import { useCallback } from "react";
import { useSession } from "~/app/context";
import type { Command } from "~/store/command";

/** For how long what can be taken back is held, in milliseconds. */
export const HELD = 5_000;

export type Body = Record<string, unknown>;

/** What is said of one step, as the dialect says it: a list for each, the first step first. Pure. */
export const atStep = <T>(step: number, what: T[]): T[][] =>
  Array.from({ length: step }, (_, index) => (index === step - 1 ? what : []));

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
