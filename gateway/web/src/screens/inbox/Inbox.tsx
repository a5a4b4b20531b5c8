// What needs this person, and beside it the task that is looked at; what leaves makes room for the next.

import { useQuery } from "@tanstack/react-query";
import { AlarmClock, Bell, Check, Inbox as InboxIcon, ListChecks, MailX, Sparkles, X } from "lucide-react";
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useActions } from "~/app/actions";
import { usePending, useSession } from "~/app/context";
import { lazily } from "~/app/lazily";
import { Opening } from "~/app/Opening";
import type { ScreenProps } from "~/app/screens";
import { useTitle } from "~/app/title";
import { useFormat, useT } from "~/i18n";
import { wholeLanguage } from "~/i18n/language";
import { HELD } from "~/screens/task/doing";
import { inboxQuery } from "~/store/inbox";
import { Button, IconButton } from "~/ui/Button";
import { Empty } from "~/ui/Empty";
import { firstScreenThere, whenIdle } from "~/ui/idle";
import { ProblemNote } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import { FirstSteps } from "./FirstSteps";
import css from "./Inbox.module.css";
import { InboxList } from "./InboxList";
import { leaving } from "./leaving";
import { groupsOf, nextAfter, notesOf, rowsOf } from "./rows";
import { useUnread } from "./unread";

/** Beside the list, once that is there: what is first looked at comes first. */
const load = () => import("~/screens/task/TaskView").then((found) => ({ default: found.TaskView }));
const TaskView = lazily(load);
const Notifications = lazily(() => import("./Notifications"));
const LaterDialog = lazily(() => import("./LaterDialog").then((found) => ({ default: found.LaterDialog })));

type View = "now" | "snoozed" | "notifications";

export default function Inbox({ params }: ScreenProps) {
  const t = useT();
  const format = useFormat();
  const [, go] = useLocation();
  const { outbox } = useSession();
  const [view, setView] = useState<View>("now");
  const snoozed = view === "snoozed";
  useTitle(t.inbox.views[view]);
  const { data, error, refetch } = useQuery(inboxQuery(snoozed));
  const there = data !== undefined;
  useEffect(() => {
    if (!there) return;
    firstScreenThere();
    whenIdle(() => void Promise.all([load(), wholeLanguage()]).catch(() => undefined));
  }, [there]);
  const pending = usePending();
  const unreadCount = useUnread();
  const chosen = params.task ? Number(params.task) : undefined;
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const [marked, setMarked] = useState<ReadonlySet<number>>(new Set());
  const [marking, setMarking] = useState(false);
  const [later, setLater] = useState<"unasked" | "asked" | "answered">("unasked");

  const gone = useMemo(() => leaving(pending), [pending]);
  const refused = useMemo(
    () => new Set(pending.flatMap(({ state, task }) => (state === "refused" && task ? [task] : []))),
    [pending],
  );
  const groups = useMemo(
    () => groupsOf(data, snoozed ? NONE : gone, t.inbox.other),
    [data, gone, snoozed, t],
  );
  const unread = useMemo(() => new Set(data?.marks?.unread_task_ids), [data]);
  const rows = useMemo(() => rowsOf(groups, folded, unread), [groups, folded, unread]);
  const notes = useMemo(() => notesOf(data, t.inbox, format), [data, t, format]);
  const ids = useMemo(() => groups.flatMap(({ tasks }) => tasks.map(({ id }) => id)), [groups]);
  const selected = ids.filter((id) => marked.has(id));
  const steps = useMemo(
    () => new Set(groups.flatMap((group) => (group.step ? group.tasks.map(({ id }) => id) : []))),
    [groups],
  );
  const titles = useMemo(
    () => new Map(groups.flatMap(({ tasks }) => tasks.map((task) => [task.id, task.text ?? ""]))),
    [groups],
  );

  // The one that is looked at has left: the next one opens by itself.
  const order = useRef<readonly number[]>([]);
  useEffect(() => {
    if (view === "now" && chosen !== undefined && gone.has(chosen) && order.current.includes(chosen)) {
      const next = nextAfter(order.current, chosen, ids);
      go(next === undefined ? "/inbox" : `/inbox/${next}`, { replace: true });
    }
    order.current = ids;
  }, [ids, chosen, gone, go, view]);

  const step = (by: number) => {
    const shown = rows.flatMap((row) => (row.kind === "task" ? [row.task.id] : []));
    const at = chosen === undefined ? (by > 0 ? -1 : shown.length) : shown.indexOf(chosen);
    const next = shown[Math.min(shown.length - 1, Math.max(0, at + by))];
    if (next !== undefined) go(`/inbox/${next}`, { replace: chosen !== undefined });
  };
  const mark = useCallback(
    (id: number) =>
      setMarked((marked) => {
        const next = new Set(marked);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    [],
  );
  const clear = () => {
    setMarked(new Set());
    setMarking(false);
  };

  /** The same with each of those that are marked, held back for a moment. */
  const each = async (
    words: string,
    change: (id: number) => { path: string; body?: unknown; kind: "put_away" | "snooze" | "comment" },
  ) => {
    const commands = await Promise.all(
      selected.map((id) =>
        outbox.add({
          method: "POST",
          body: undefined,
          ...change(id),
          task: id,
          title: titles.get(id),
          after: Date.now() + HELD,
        }),
      ),
    );
    clear();
    const undo = async () => {
      for (const { id } of commands) await outbox.discard(id);
    };
    toast(words, { action: { label: t.common.undo, run: () => void undo() } });
  };
  const putAway = () =>
    void each(t.inbox.manyAway(selected.length), (id) => ({
      path: `/v4/tasks/${id}/put_away`,
      kind: "put_away",
    }));
  const approve = () =>
    void each(t.inbox.manyApproved(selected.length), (id) => ({
      path: `/v4/tasks/${id}/comments`,
      body: { approval_choice: "approved", seen: data?.position },
      kind: "comment",
    }));
  const unsnooze = (id: number) =>
    void outbox.add({
      method: "POST",
      path: `/v4/inbox/${id}/unsnooze`,
      body: undefined,
      kind: "snooze",
      task: id,
      title: titles.get(id),
    });

  useActions([
    { id: "inbox.next", label: t.inbox.next, keys: "j", group: t.inbox.title, run: () => step(1) },
    { id: "inbox.previous", label: t.inbox.previous, keys: "k", group: t.inbox.title, run: () => step(-1) },
    ...(chosen !== undefined
      ? [{ id: "inbox.mark", label: t.inbox.mark, keys: "x", group: t.inbox.title, run: () => mark(chosen) }]
      : []),
    {
      id: "inbox.notifications",
      group: t.inbox.title,
      label: t.inbox.notifications,
      keys: "n",
      run: () => setView(view === "notifications" ? "now" : "notifications"),
    },
    {
      id: "inbox.snoozed",
      group: t.inbox.title,
      label: t.inbox.snoozed,
      keys: "z",
      run: () => setView(snoozed ? "now" : "snoozed"),
    },
  ]);

  const approvable = selected.length > 0 && selected.every((id) => steps.has(id));
  return (
    <div className={`${css.split} ${chosen !== undefined ? css.chosen : ""}`}>
      <section className={css.list} aria-label={t.inbox.views[view]}>
        <header className={css.head}>
          <h1>{t.inbox.views[view]}</h1>
          {view === "now" && ids.length > 0 && (
            <IconButton
              label={marking ? t.inbox.markNone : t.inbox.markSome}
              aria-pressed={marking}
              onClick={() => (marking ? clear() : setMarking(true))}
            >
              <ListChecks size={18} />
            </IconButton>
          )}
          <IconButton
            label={t.inbox.snoozed}
            aria-pressed={snoozed}
            onClick={() => setView(snoozed ? "now" : "snoozed")}
          >
            <AlarmClock size={18} />
          </IconButton>
          <IconButton
            label={unreadCount > 0 ? t.inbox.notificationsUnread(unreadCount) : t.inbox.notifications}
            aria-pressed={view === "notifications"}
            className={css.bell}
            onClick={() => setView(view === "notifications" ? "now" : "notifications")}
          >
            <Bell size={18} />
            {unreadCount > 0 && <span className={css.count}>{unreadCount > 99 ? "99+" : unreadCount}</span>}
          </IconButton>
        </header>
        {view === "notifications" ? (
          <Suspense fallback={<Opening />}>
            <Notifications chosen={chosen} />
          </Suspense>
        ) : (
          <>
            {error && !data ? <ProblemNote error={error} onRetry={() => void refetch()} /> : null}
            {!data && !error ? <Opening /> : null}
            {data && ids.length === 0 ? (
              snoozed ? (
                <Empty icon={<AlarmClock size={24} />} title={t.inbox.noneSnoozed}>
                  {t.inbox.noneSnoozedHint}
                </Empty>
              ) : (
                <Empty icon={<Sparkles size={24} />} title={t.inbox.empty} action={<FirstSteps />}>
                  {t.inbox.emptyHint}
                </Empty>
              )
            ) : null}
            {ids.length > 0 && (
              <InboxList
                key={view}
                rows={rows}
                chosen={chosen}
                marked={marked}
                marking={marking || selected.length > 0}
                refused={refused}
                notes={notes}
                more={Boolean(data?.has_more)}
                onMark={mark}
                onFold={(id) => {
                  const next = new Set(folded);
                  if (!next.delete(id)) next.add(id);
                  setFolded(next);
                }}
                onBack={snoozed ? unsnooze : undefined}
              />
            )}
            {(marking || selected.length > 0) && view === "now" && (
              <div className={css.bulk} role="toolbar" aria-label={t.inbox.marked(selected.length)}>
                <span className={css.many}>{t.inbox.marked(selected.length)}</span>
                {approvable && (
                  <Button size="s" kind="primary" icon={<Check size={15} />} onClick={approve}>
                    {t.task.approve}
                  </Button>
                )}
                {approvable ? (
                  <IconButton label={t.inbox.putAway} onClick={putAway}>
                    <MailX size={17} />
                  </IconButton>
                ) : (
                  <Button
                    size="s"
                    icon={<MailX size={15} />}
                    disabled={selected.length === 0}
                    onClick={putAway}
                  >
                    {t.inbox.putAway}
                  </Button>
                )}
                <IconButton
                  label={t.inbox.snooze}
                  disabled={selected.length === 0}
                  onClick={() => setLater("asked")}
                >
                  <AlarmClock size={17} />
                </IconButton>
                <IconButton label={t.inbox.markNone} onClick={clear}>
                  <X size={17} />
                </IconButton>
              </div>
            )}
          </>
        )}
        {later !== "unasked" && (
          <Suspense>
            <LaterDialog
              open={later === "asked"}
              title={t.inbox.snooze}
              hint={t.inbox.snoozeHint}
              onClose={() => setLater("answered")}
              onChoose={(until) =>
                void each(t.inbox.wentUntil(format.soon(new Date(until))), (id) => ({
                  path: `/v4/inbox/${id}/snooze`,
                  body: { until },
                  kind: "snooze",
                }))
              }
            />
          </Suspense>
        )}
      </section>
      <section className={css.detail} aria-label={t.task.task}>
        {chosen !== undefined ? (
          <Suspense fallback={<Opening />}>
            <TaskView key={chosen} id={chosen} back="/inbox" onward />
          </Suspense>
        ) : ids.length > 0 ? (
          <Empty icon={<InboxIcon size={24} />} title={t.inbox.pick}>
            {t.inbox.pickHint}
          </Empty>
        ) : null}
      </section>
    </div>
  );
}

const NONE: ReadonlySet<number> = new Set();
