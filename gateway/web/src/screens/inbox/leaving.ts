// What leaves the inbox before the server knows of it. Pure.

import type { Command } from "~/store/command";
import { leaves } from "~/store/tasks";

/** Tasks that what is not sent yet takes out of the inbox. */
export function leaving(pending: readonly Command[]): ReadonlySet<number> {
  const ids = pending
    .filter((command) => command.state !== "refused" && leaves(command))
    .map(({ task }) => task);
  return new Set(ids.filter((id) => id !== undefined));
}
