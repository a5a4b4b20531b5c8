// Whether the server is reached, and what waits to be sent: one small sign that opens into everything about it.

import { CloudOff, RefreshCw, TriangleAlert } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { Link } from "wouter";
import { clockAhead, subscribeClock } from "~/api/clock";
import { useFormat, useT } from "~/i18n";
import { keptIn, without } from "~/store/carried";
import type { Command } from "~/store/command";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { useLiveState, usePending, useSession } from "./context";
import css from "./Status.module.css";

/** `strip`: a line above the screen, where there is no room for the sign; there only while something is to be said. */
export function Status({ strip }: { strip?: boolean }) {
  const t = useT();
  const live = useLiveState();
  const pending = usePending();
  const { store } = useSession();
  const kept = useSyncExternalStore(
    (listener) => store.onFailure(listener),
    () => store.kept,
  );
  const ahead = useSyncExternalStore(subscribeClock, clockAhead);
  const [open, setOpen] = useState(false);
  const refused = pending.filter(({ state }) => state === "refused").length;
  const queued = pending.length - refused;
  const troubled = refused > 0 || !kept || ahead !== 0;
  const label = [
    (!strip || live === "offline") &&
      (live === "live" ? t.nav.live : live === "offline" ? t.nav.offline : t.nav.connecting),
    queued > 0 && t.nav.queued(queued),
    refused > 0 && t.nav.refused(refused),
    !kept && t.nav.notKept,
    ahead !== 0 && t.nav.clockWrong(ahead),
  ]
    .filter(Boolean)
    .join(". ");
  const sign = troubled ? (
    <TriangleAlert size={15} className={css.bad} />
  ) : live === "offline" ? (
    <CloudOff size={15} />
  ) : queued > 0 ? (
    <RefreshCw size={14} className={css.turning} />
  ) : (
    <span className={css.dot} />
  );
  return (
    <>
      {!strip ? (
        <button
          type="button"
          className={`${css.status} ${css[live]}`}
          aria-label={label}
          title={label}
          onClick={() => setOpen(true)}
        >
          {sign}
          {pending.length > 0 && <span className={css.count}>{pending.length}</span>}
        </button>
      ) : (
        (troubled || live === "offline") && (
          <button
            type="button"
            className={`${css.strip} ${troubled ? css.troubled : ""}`}
            onClick={() => setOpen(true)}
          >
            {sign}
            <span>{label}</span>
          </button>
        )
      )}
      <span className="hidden" role="status">
        {label}
      </span>
      <Dialog open={open} onClose={() => setOpen(false)} title={t.nav.outbox}>
        {live === "offline" && <p className={css.hint}>{t.nav.offlineHint}</p>}
        {!kept && (
          <p className={css.warn}>
            <b>{t.nav.notKept}.</b> {t.nav.notKeptHint}
          </p>
        )}
        {ahead !== 0 && (
          <p className={css.warn}>
            <b>{t.nav.clockWrong(ahead)}</b> {t.nav.clockWrongHint}
          </p>
        )}
        {pending.length === 0 ? (
          <p className={css.hint}>{t.nav.outboxEmpty}</p>
        ) : (
          <Unsent pending={pending} onGo={() => setOpen(false)} />
        )}
      </Dialog>
    </>
  );
}

function Unsent({ pending, onGo }: { pending: readonly Command[]; onGo: () => void }) {
  const t = useT();
  const format = useFormat();
  const { outbox, live } = useSession();
  const [sure, setSure] = useState<string>();
  return (
    <>
      <ul className={css.list}>
        {pending.map((command) => (
          <li key={command.id} className={css.row}>
            <div className={css.what}>
              {command.task ? (
                <Link href={`/tasks/${command.task}`} onClick={onGo}>
                  {command.title || `№ ${command.task}`}
                </Link>
              ) : (
                <b>{command.title || t.nav.newTask}</b>
              )}
              <span className={css.when}>{format.relative(new Date(command.at).toISOString())}</span>
              {command.refusal && <p className={css.warn}>{command.refusal.message}</p>}
            </div>
            <Badge tone={command.state === "refused" ? "bad" : "info"}>
              {command.state === "refused"
                ? t.task.refused
                : command.state === "sending"
                  ? t.task.sending
                  : t.task.queued}
            </Badge>
            <WithoutFile command={command} />
            {command.state === "refused" && (
              <Button size="s" onClick={() => void outbox.again(command.id)}>
                {t.common.tryAgain}
              </Button>
            )}
            {command.state !== "sending" && (
              <Button
                size="s"
                kind={sure === command.id ? "danger" : "quiet"}
                onClick={() => (sure === command.id ? void outbox.discard(command.id) : setSure(command.id))}
              >
                {t.nav.discard}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {sure && (
        <p className={css.warn} role="alert">
          {t.nav.discardSure}
        </p>
      )}
      <Button
        onClick={() => {
          outbox.go();
          live.again();
        }}
      >
        {t.nav.outboxSend}
      </Button>
    </>
  );
}

/** The way on where a file was refused: all but that file. */
function WithoutFile({ command }: { command: Command }) {
  const t = useT();
  const { outbox } = useSession();
  const file = command.refusal?.file;
  const kept = file ? keptIn(command.body, file) : undefined;
  const rest = file ? without(command.body, file) : undefined;
  if (!kept || rest === undefined) return null;
  return (
    <Button size="s" className={css.without} onClick={() => void outbox.again(command.id, rest)}>
      {t.task.sendWithout(kept.name)}
    </Button>
  );
}
