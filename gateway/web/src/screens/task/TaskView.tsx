// A task: what it is, what was said and done, and what can be done next; now, and as it was.

import { skipToken, useQuery } from "@tanstack/react-query";
import { LockKeyhole } from "lucide-react";
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { Problem } from "~/api/problem";
import type { Comment } from "~/api/types";
import { useSession } from "~/app/context";
import { Opening } from "~/app/Opening";
import { rootOf, type Versioning, VersioningContext, versionsIn } from "~/files/versions";
import { useFormat, useT } from "~/i18n";
import { utc } from "~/screens/inbox/later";
import { type AcceptedComment, acceptedKey, isPending } from "~/store/tasks";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Empty } from "~/ui/Empty";
import { ProblemNote } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import type { Doing } from "./CommentItem";
import { Composer, type ComposerHandle } from "./Composer";
import { changesOf } from "./changes";
import { Details } from "./Details";
import { atStep, type Body, HELD, useComment } from "./doing";
import { draftOf, says } from "./draft";
import { Feed, type FeedHandle } from "./Feed";
import { feedOf } from "./feed";
import { type Ask, Head } from "./Head";
import { HistoryBar } from "./HistoryBar";
import { standingOf } from "./standing";
import css from "./TaskView.module.css";
import { useLooking } from "./useLooking";
import { useRelated } from "./useRelated";
import { useForm, useMine, useNames, usePast, useTask } from "./useTask";

/** With this much room, in pixels, what a task is stands beside what was said. */
const WIDE = 820;
/** A discussion of so many comments is read from the top. */
const FEW = 6;

interface Props {
  id: number;
  /** Where the arrow leads. */
  back?: string;
  /** Tasks are gone through one by one: what is done is held back for a moment, and can be taken back. */
  onward?: boolean;
}

export function TaskView({ id, back, onward }: Props) {
  const t = useT();
  const { task, error, refetch, position } = useTask(id);
  if (!task) {
    const denied = error instanceof Problem && (error.status === 403 || error.status === 404);
    if (denied)
      return (
        <Empty
          icon={<LockKeyhole size={24} />}
          title={t.task.notShown}
          action={<Link href={back ?? "/inbox"}>{t.nav.toInbox}</Link>}
        >
          {t.task.notShownHint}
        </Empty>
      );
    if (error) return <ProblemNote error={error} onRetry={() => void refetch()} />;
    return <Opening />;
  }
  return <Shown id={id} back={back} onward={onward} now={task} position={position} />;
}

function Shown({
  id,
  back,
  onward,
  now,
  position,
}: Props & { now: NonNullable<ReturnType<typeof useTask>["task"]>; position: number | undefined }) {
  const t = useT();
  const format = useFormat();
  const { outbox, store } = useSession();
  const [, go] = useLocation();
  const { me, roles } = useMine();
  const frame = useRef<HTMLElement>(null);
  const composer = useRef<ComposerHandle>(null);
  const feed = useRef<FeedHandle>(null);
  const [ask, setAsk] = useState<Ask>();
  const [details, setDetails] = useState(false);
  const [at, setAt] = useState<number>();
  const wanted = useWanted();
  const wide = useWide(frame, WIDE);
  const form = useForm(now.form_id);
  const names = useNames(now, form);
  const related = useRelated(id);
  useLooking(id, position);

  const comments = now.comments ?? NONE;
  const recorded = useMemo(() => comments.filter((comment) => !isPending(comment)), [comments]);
  const changes = useMemo(() => changesOf(comments), [comments]);
  const past = at === undefined ? undefined : Math.min(at, recorded.length - 1);
  const next = past === undefined ? undefined : recorded[past + 1];
  const then = usePast(id, next ? next.id - 1 : undefined);
  const task = next ? (then.data?.task ?? now) : now;
  const shown = past === undefined ? comments : recorded.slice(0, past + 1);
  const items = useMemo(() => feedOf(shown, changes), [shown, changes]);
  const [edited, taken] = useMemo(() => {
    const ids = (pick: (comment: Comment) => number | null | undefined) =>
      new Set(shown.flatMap((comment) => pick(comment) ?? []));
    return [ids(({ edit_comment_id }) => edit_comment_id), ids(({ delete_comment_id }) => delete_comment_id)];
  }, [shown]);
  const standing = useMemo(() => standingOf(now, me, roles), [now, me, roles]);
  const there = past === undefined ? undefined : recorded[past];
  const changedFields = useMemo(
    () => (there ? new Set((there.field_updates ?? []).map((field) => field.id)) : undefined),
    [there],
  );
  const { data: accepted } = useQuery<AcceptedComment>({ queryKey: acceptedKey(id), queryFn: skipToken });

  const title = now.subject || now.text || "";
  const comment = useComment(id, title);
  const undo = async (command: { id: string; body?: unknown }, words: boolean) => {
    if (!outbox.pending().some((other) => other.id === command.id && other.state === "queued")) {
      toast(t.inbox.tooLate, { tone: "bad" });
      return;
    }
    const draft = draftOf(command.body);
    const kept = words && says(draft);
    await outbox.discard(command.id, kept);
    if (kept)
      await store.put("drafts", `comment:${id}`, { key: `comment:${id}`, value: draft, at: Date.now() });
    if (onward) go(`/inbox/${id}`);
  };
  const send = async (body: Body, what: keyof typeof t.task.done = "said") => {
    const held = Boolean(onward) && what !== "said";
    const command = await comment(body, held);
    if (held || body.hide)
      toast(
        t.task.done[body.hide ? "hidden" : what],
        held ? { action: { label: t.common.undo, run: () => void undo(command, true) } } : {},
      );
  };
  const leave = async (kind: "put_away" | "snooze", path: string, body: Body | undefined, words: string) => {
    const command = await outbox.add({
      method: "POST",
      path,
      body,
      kind,
      task: id,
      title,
      after: Date.now() + HELD,
    });
    toast(words, { action: { label: t.common.undo, run: () => void undo(command, false) } });
  };

  const isNow = past === undefined;
  const versioning = useMemo<Versioning>(() => {
    const versions = versionsIn(recorded);
    return {
      of: (file) => versions.get(rootOf(file) ?? 0) ?? [],
      renew: isNow ? (_, next) => composer.current?.attach(next) : undefined,
    };
  }, [recorded, isNow]);

  const latest = useRef({ recorded, changes, names });
  latest.current = { recorded, changes, names };
  const doing = useMemo<Doing>(
    () => ({
      reply: (to) => composer.current?.reply(to),
      edit: (own) => composer.current?.edit(own),
      remove: (own) => void comment({ delete_comment_id: own.id }),
      resume: (command) => composer.current?.resume(command),
      link: (to) =>
        void navigator.clipboard
          ?.writeText(`${location.origin}/tasks/${id}#c${to.id}`)
          .then(() => toast(t.common.copied)),
      since: (seen) =>
        latest.current.recorded
          .filter((other) => other.id > seen)
          .map((other) => ({ comment: other, changes: latest.current.changes.get(other.id) ?? [] }))
          .filter(({ changes: own }) => own.length > 0),
    }),
    [comment, id, t],
  );

  const changing = useMemo(
    () =>
      form && past === undefined && !now.is_closed
        ? {
            task: id,
            form,
            step: now.current_step ?? 1,
            onChange: (update: { id: number; value: unknown }) => void comment({ field_updates: [update] }),
          }
        : undefined,
    [form, past, now.is_closed, now.current_step, id, comment],
  );
  const askAgain = useMemo(
    () =>
      past === undefined && !now.is_closed && standing.mayClose
        ? (step: number, person: number) => comment({ approvals_rerequested: atStep(step, [{ id: person }]) })
        : undefined,
    [past, now.is_closed, standing.mayClose, comment],
  );
  const facts = (aside: boolean) => (
    <Details
      task={task}
      form={form}
      names={names}
      changed={changedFields}
      at={there ? Date.parse(there.create_date) : undefined}
      aside={aside}
      changing={changing}
      onDue={past === undefined && !now.is_closed ? () => setAsk("due") : undefined}
      onResponsible={past === undefined && !now.is_closed ? () => setAsk("responsible") : undefined}
      onAgain={askAgain}
      related={past === undefined ? related : undefined}
    />
  );
  const hasMuch =
    Boolean(now.form_id) || Boolean(related?.subtasks.length) || Boolean(related?.linked_from.length);
  return (
    <article className={css.task} ref={frame} aria-label={title}>
      <Head
        task={task}
        form={form}
        names={names}
        standing={standing}
        back={back}
        past={past !== undefined}
        ask={ask}
        onAsk={setAsk}
        onDo={(body, what) => void send(body, what)}
        onPutAway={() => void leave("put_away", `/v4/tasks/${id}/put_away`, undefined, t.inbox.wentAway)}
        onSnooze={(until) =>
          void leave(
            "snooze",
            `/v4/inbox/${id}/snooze`,
            { until: utc(new Date(until)) },
            t.inbox.wentUntil(format.soon(new Date(until))),
          )
        }
        onHistory={() => setAt(recorded.length - 1)}
        onDetails={wide ? undefined : () => setDetails(true)}
      />
      {past !== undefined && there && (
        <HistoryBar
          comments={recorded}
          at={past}
          onGo={setAt}
          onLeave={() => setAt(undefined)}
          changes={changes.get(there.id) ?? []}
          names={names}
          busy={then.isFetching}
        />
      )}
      <VersioningContext value={versioning}>
        <div className={css.split}>
          <div className={css.main}>
            {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: a quotation leads to what it quotes; so does the menu of each comment */}
            <div
              className={css.feed}
              onClick={({ target }) => {
                const quote = target instanceof Element && target.closest("quote[data-noteid]");
                if (quote) feed.current?.goTo(Number(quote.getAttribute("data-noteid")));
              }}
            >
              <Feed
                key={past === undefined ? "now" : "past"}
                ref={feed}
                items={items}
                names={names}
                doing={doing}
                me={me}
                position={position}
                edited={edited}
                taken={taken}
                accepted={accepted}
                wanted={there?.id ?? wanted}
                past={past !== undefined}
                fromTop={past === undefined && !wide && (standing.awaited || comments.length <= FEW)}
                first={comments[0]?.id}
                above={wide || !hasMuch ? undefined : facts(false)}
              />
            </div>
            {past === undefined ? (
              <Composer
                ref={composer}
                task={now}
                standing={standing}
                stepName={now.current_step ? names.step(now.current_step) : ""}
                position={position}
                onSend={send}
              />
            ) : null}
          </div>
          {wide && (
            // As it was, nothing in it can be changed: by keys it is scrolled through as a whole.
            <aside className={css.aside} aria-label={t.task.details} tabIndex={isNow ? undefined : 0}>
              {facts(true)}
            </aside>
          )}
        </div>
        <Dialog open={details && !wide} onClose={() => setDetails(false)} title={t.task.details}>
          <div className={css.sheet}>{facts(true)}</div>
          <Button onClick={() => setDetails(false)}>{t.common.close}</Button>
        </Dialog>
      </VersioningContext>
    </article>
  );
}

const NONE: Comment[] = [];

/** The comment that the address asks for: `#c123`. */
function useWanted(): number | undefined {
  const read = () => Number(/^#c(\d+)$/.exec(location.hash)?.[1]) || undefined;
  const [wanted, setWanted] = useState(read);
  useEffect(() => {
    const take = () => setWanted(read());
    const events = ["hashchange", "popstate", "pushState", "replaceState"];
    for (const name of events) addEventListener(name, take);
    return () => {
      for (const name of events) removeEventListener(name, take);
    };
  });
  return wanted;
}

function useWide(frame: RefObject<HTMLElement | null>, width: number): boolean {
  const [wide, setWide] = useState(() => innerWidth > width + 640);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWide(element.clientWidth >= width));
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, width]);
  return wide;
}
