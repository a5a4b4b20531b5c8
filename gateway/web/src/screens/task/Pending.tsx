// How it stands with a comment that is not in the log: waits, is on its way, or was refused and why, with the ways on from there.

import { CloudUpload, RefreshCw, TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { Comment } from "~/api/types";
import { useSession } from "~/app/context";
import { nameOf } from "~/files/shown";
import { useFormat, useT } from "~/i18n";
import { keptIn, without } from "~/store/carried";
import type { Command } from "~/store/command";
import { Button } from "~/ui/Button";
import { ChangeLine, type Names } from "./ChangeLine";
import type { Change } from "./changes";
import css from "./Pending.module.css";

export interface Since {
  comment: Comment;
  changes: readonly Change[];
}

export function Pending({
  command,
  since,
  names,
  position,
  onEdit,
}: {
  command: Command;
  /** What changed after what was seen when it was decided. */
  since: (seen: number) => Since[];
  names: Names;
  position: number | undefined;
  onEdit: (command: Command) => void;
}) {
  const t = useT();
  const format = useFormat();
  const { outbox } = useSession();
  const [sure, setSure] = useState(false);
  if (command.state !== "refused") {
    return (
      <p className={css.state} role="status">
        {command.state === "sending" ? (
          <RefreshCw size={12} className={css.turning} aria-hidden="true" />
        ) : (
          <CloudUpload size={13} aria-hidden="true" />
        )}
        {command.state === "sending" ? t.task.sending : t.task.queued}
      </p>
    );
  }
  const body = (command.body ?? {}) as { seen?: number; approval_choice?: string };
  const conflict = command.refusal?.code === "conflict" && body.seen !== undefined;
  const news = conflict && body.seen !== undefined ? since(body.seen) : [];
  const stands = command.refusal?.file;
  const rest = stands ? without(command.body, stands) : undefined;
  return (
    <div className={css.refused} role="alert">
      <p className={css.why}>
        <TriangleAlert size={15} aria-hidden="true" />
        <span>
          <b>{conflict ? `${t.task.refused}: ${t.task.conflict}` : t.task.refused}.</b>{" "}
          {conflict ? t.task.conflictHint : command.refusal?.message}
        </span>
      </p>
      {news.length > 0 && (
        <ul className={css.news}>
          {news.map(({ comment, changes }) => (
            <li key={comment.id}>
              <b>{format.person(comment.author)}</b>
              {changes.map((change, index) => (
                <ChangeLine key={index} change={change} names={names} />
              ))}
            </li>
          ))}
        </ul>
      )}
      <div className={css.ways}>
        <Button
          size="s"
          onClick={() => void outbox.again(command.id, conflict ? { ...body, seen: position } : undefined)}
        >
          {conflict ? t.task.decideAgain : t.common.tryAgain}
        </Button>
        {stands && rest !== undefined && (
          <Button size="s" onClick={() => void outbox.again(command.id, rest)}>
            {t.task.sendWithout(nameOf({ name: keptIn(command.body, stands)?.name ?? "" }, t))}
          </Button>
        )}
        <Button size="s" onClick={() => onEdit(command)}>
          {t.task.editAgain}
        </Button>
        <Button
          size="s"
          kind={sure ? "danger" : "quiet"}
          onClick={() => (sure ? void outbox.discard(command.id) : setSure(true))}
        >
          {sure ? t.nav.discardSure : t.nav.discard}
        </Button>
      </div>
    </div>
  );
}
