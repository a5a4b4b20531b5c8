// Where one writes and decides. A plain text field at first; the editor with formatting and names takes its place once it is loaded, with
// all that was typed by then.

import {
  BellOff,
  Check,
  ChevronDown,
  CircleCheck,
  Clock,
  MailX,
  Paperclip,
  SendHorizontal,
  X,
} from "lucide-react";
import {
  type ComponentProps,
  type ComponentType,
  lazy,
  type Ref,
  Suspense,
  useEffect,
  useId,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Comment, Task } from "~/api/types";
import { useActions } from "~/app/actions";
import { useSession } from "~/app/context";
import { lazily } from "~/app/lazily";
import { FILES_MAX, useAttach, useDrop, useForget } from "~/files/attach";
import { useFormat, useT } from "~/i18n";
import { type Attached, attachedIn } from "~/store/carried";
import type { Command } from "~/store/command";
import { useDraft } from "~/store/drafts";
import { Button, IconButton } from "~/ui/Button";
import { Menu } from "~/ui/Menu";
import { toast } from "~/ui/toast";
import css from "./Composer.module.css";
import { bodyOf, type Draft, draftOf, EMPTY, isBlank, replyTo, says, written } from "./draft";
import type { EditorHandle } from "./Editor";
import { MinutesDialog } from "./MinutesDialog";
import { RejectDialog } from "./RejectDialog";
import type { Standing } from "./standing";

/** Without a network it may not come: the plain box stays. */
const Editor = lazy(
  (): Promise<{ default: ComponentType<ComponentProps<typeof import("./Editor").default>> }> =>
    import("./Editor").catch(() => ({ default: () => null })),
);

const Chips = lazily(() => import("~/files/Chips"));

export interface ComposerHandle {
  reply: (comment: Comment) => void;
  edit: (comment: Comment) => void;
  resume: (command: Command) => void;
  /** Puts a file that was chosen elsewhere beside what is written. */
  attach: (file: Attached) => void;
  approve: () => void;
  reject: () => void;
  focus: () => void;
}

interface Props {
  task: Task;
  standing: Standing;
  stepName: string;
  /** Where the task stands in the log as it is shown. */
  position: number | undefined;
  /** Writes down what is to be done, with what is to be said. */
  onSend: (
    body: Record<string, unknown>,
    what: "said" | "approved" | "rejected" | "acknowledged" | "finished",
  ) => Promise<void>;
  /** Has a plain text field for good: the device is too small for more. */
  ref?: Ref<ComposerHandle>;
}

/** One says so at most this often that one is writing, in milliseconds. */
const WRITES_EVERY = 3_000;

export function Composer({ task, standing, stepName, position, onSend, ref }: Props) {
  const t = useT();
  const format = useFormat();
  const { outbox, live, files: carrier } = useSession();
  const attach = useAttach();
  const forget = useForget();
  const [held, setDraft, ready] = useDraft<Draft>(`comment:${task.id}`);
  const draft = held ?? EMPTY;
  const area = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const editor = useRef<EditorHandle>(null);
  const [rich, setRich] = useState(false);
  const [asks, setAsks] = useState<"reject" | "minutes">();
  const [busy, setBusy] = useState(false);
  const [focused, setFocused] = useState(false);
  const said = useRef(0);
  const id = useId();

  useEffect(() => {
    // Once there is nothing more urgent.
    const idle =
      "requestIdleCallback" in window ? requestIdleCallback : (run: () => void) => setTimeout(run, 400);
    const cancel = "requestIdleCallback" in window ? cancelIdleCallback : clearTimeout;
    const handle = idle(() => setRich(true));
    return () => cancel(handle as number);
  }, []);

  const focus = () => (editor.current ? editor.current.focus() : area.current?.focus());
  /** What was changed last, also where it is not drawn yet: two files may come in one breath. */
  const latest = useRef(draft);
  latest.current = draft;
  const change = (next: Draft) => {
    latest.current = next;
    setDraft(isBlank(next) ? undefined : next);
    if (next.text !== draft.text && Date.now() - said.current > WRITES_EVERY) {
      said.current = Date.now();
      live.writes(task.id);
    }
  };
  const put = (next: Draft) => {
    setDraft(isBlank(next) ? undefined : next);
    editor.current?.put(next);
    focus();
  };

  const add = (chosen: File[]) => {
    const files = latest.current.files ?? [];
    const room = chosen.slice(0, FILES_MAX - files.length);
    if (room.length < chosen.length) toast(t.files.most(FILES_MAX), { tone: "bad" });
    if (room.length > 0) change({ ...latest.current, files: [...files, ...attach(room)] });
  };
  const addAttached = (file: Attached) => {
    const files = latest.current.files ?? [];
    if (files.length < FILES_MAX) {
      change({ ...latest.current, files: [...files, file] });
      focus();
    } else {
      forget(file);
      toast(t.files.most(FILES_MAX), { tone: "bad" });
    }
  };
  const drop = useDrop(add);
  /** Whether one that the server refused is among them: it is to be left out first. */
  const hasRefused = async (files: readonly Attached[] | undefined) => {
    const ids = (files ?? []).flatMap(({ kept_file }) => kept_file ?? []);
    if (ids.length === 0) return false;
    const refused = (await carrier()).standing(ids).state === "refused";
    if (refused) toast(t.files.refusedFirst, { tone: "bad" });
    return refused;
  };

  const send = async (
    more: Record<string, unknown> = {},
    what: Parameters<Props["onSend"]>[1] = "said",
    words = draft,
  ) => {
    const body = bodyOf(words, more);
    if (!body || busy) return;
    setBusy(true);
    if (await hasRefused(words.files).catch(() => false)) return setBusy(false);
    await onSend(body, what);
    // Nobody waits for the words any more.
    said.current = 0;
    live.view(task.id);
    setDraft(undefined);
    editor.current?.put(EMPTY);
    setBusy(false);
  };
  const approve = () => void send({ approval_choice: "approved", seen: position }, "approved");
  const reject = () => setAsks("reject");
  /** The draft with the reason that was given beside it; as it was formatted where that is the same. */
  const withReason = (text: string): Draft =>
    text.trim() === draft.text.trim() ? draft : { ...draft, text, html: undefined };

  useImperativeHandle(ref, () => ({
    focus,
    attach: addAttached,
    approve,
    reject,
    reply: (comment) => put({ ...draft, edit: undefined, reply: replyTo(comment, format) }),
    edit: (comment) =>
      put({ ...written(comment.text, comment.formatted_text), edit: comment.id, ...filesOf(comment) }),
    resume: (command) => {
      put(draftOf(command.body));
      void outbox.discard(command.id, true);
    },
  }));

  useActions([
    { id: "task.comment", label: t.task.placeholder, keys: "w", group: t.task.task, run: focus },
    ...(standing.awaited
      ? [
          { id: "task.approve", label: t.task.approve, keys: "a", group: t.task.task, run: approve },
          { id: "task.reject", label: t.task.reject, keys: "r", group: t.task.task, run: reject },
        ]
      : []),
    ...(standing.toAcknowledge
      ? [
          {
            id: "task.acknowledge",
            label: t.task.acknowledge,
            keys: "a",
            group: t.task.task,
            run: () => void send({ approval_choice: "acknowledged" }, "acknowledged"),
          },
        ]
      : []),
  ]);

  const blank = isBlank(draft);
  const open = focused || !blank;
  const label = draft.edit ? t.task.editing : t.task.placeholder;
  const keys = (event: { key: string; ctrlKey: boolean; metaKey: boolean }) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return false;
    void send();
    return true;
  };

  // What is not drawn anew with every letter asks for what holds now when it is used.
  const now = useRef({ draft, change, keys, send });
  now.current = { draft, change, keys, send };
  const [writing] = useState(() => ({
    initial: () => now.current.draft,
    change: (text: string, html: string | undefined) =>
      now.current.change({ ...now.current.draft, text, html }),
    keys: (event: KeyboardEvent) => now.current.keys(event),
  }));
  const { silent } = draft;
  const saying = says(draft);
  const closes = !task.is_closed && standing.mayClose;
  const menu = useMemo(
    () => (
      <Menu
        label={t.task.sendMore}
        button={
          <IconButton label={t.task.sendMore} className={css.split}>
            <ChevronDown size={16} />
          </IconButton>
        }
        choices={[
          {
            label: t.task.sendAndHide,
            icon: <MailX size={16} />,
            disabled: !saying,
            onChoose: () => void now.current.send({ hide: true }),
          },
          closes && {
            label: saying ? t.task.sendAndFinish : t.task.finish,
            icon: <CircleCheck size={16} />,
            onChoose: () => void now.current.send({ action: "finished" }, "finished"),
          },
          null,
          { label: t.task.spent, icon: <Clock size={16} />, onChoose: () => setAsks("minutes") },
          {
            label: t.task.silent,
            icon: <BellOff size={16} />,
            checked: silent,
            onChoose: () => now.current.change({ ...now.current.draft, silent: silent ? undefined : true }),
          },
        ]}
      />
    ),
    [t, silent, saying, closes],
  );

  return (
    <form
      className={css.composer}
      aria-label={t.task.comment}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {(standing.awaited || standing.toAcknowledge) && (
        <div className={css.decide}>
          <p className={css.asked}>
            {standing.awaited ? t.task.yourDecision(stepName) : t.task.yourReading}
            {standing.asRole && <small>{t.task.asRole(format.person(standing.asRole))}</small>}
          </p>
          {standing.awaited ? (
            <>
              <Button icon={<X size={16} />} kind="danger" onClick={reject} disabled={busy}>
                {t.task.reject}
              </Button>
              <Button icon={<Check size={16} />} kind="primary" onClick={approve} disabled={busy}>
                {t.task.approve}
              </Button>
            </>
          ) : (
            <Button
              icon={<Check size={16} />}
              kind="primary"
              disabled={busy}
              onClick={() => void send({ approval_choice: "acknowledged" }, "acknowledged")}
            >
              {t.task.acknowledge}
            </Button>
          )}
        </div>
      )}
      {/* Only the box: a button above it that moved while it is pressed would not be pressed. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it listens to what is inside of it */}
      <div
        className={`${css.box} ${open ? "" : css.compact} ${drop.over ? css.over : ""}`}
        {...drop.listens}
        onFocus={() => setFocused(true)}
        onBlur={({ currentTarget, relatedTarget }) => {
          if (!currentTarget.contains(relatedTarget)) setFocused(false);
        }}
      >
        {(draft.reply || draft.edit) && (
          <div className={css.about}>
            <span>
              {draft.edit ? t.task.editing : t.task.replying(draft.reply?.name ?? "")}
              {draft.reply && <q>{draft.reply.text}</q>}
            </span>
            <IconButton
              label={t.common.cancel}
              className={css.small}
              onClick={() => {
                if (!draft.edit) return put({ ...draft, reply: undefined });
                forget(draft.files);
                put(EMPTY);
              }}
            >
              <X size={15} />
            </IconButton>
          </div>
        )}
        {draft.files && draft.files.length > 0 && (
          <div className={css.files}>
            <Suspense fallback={<div className={css.filesComing} />}>
              <Chips
                files={draft.files}
                onRemove={(file) =>
                  change({ ...draft, files: draft.files?.filter((other) => other !== file) })
                }
              />
            </Suspense>
          </div>
        )}
        <Suspense fallback={null}>
          {rich && ready && (
            <Editor
              ref={editor}
              label={label}
              initial={writing.initial}
              taking={area}
              compact={!open}
              onChange={writing.change}
              onKey={writing.keys}
            />
          )}
        </Suspense>
        <label htmlFor={id} className="hidden">
          {label}
        </label>
        <textarea
          id={id}
          ref={area}
          className={css.area}
          rows={1}
          placeholder={label}
          value={draft.text}
          onChange={({ target }) => change({ ...draft, text: target.value, html: undefined })}
          onKeyDown={(event) => {
            if (keys(event)) event.preventDefault();
          }}
        />
        <div className={css.foot}>
          <div className={css.extras}>
            {draft.minutes ? (
              <button type="button" className={css.extra} onClick={() => setAsks("minutes")}>
                <Clock size={13} /> {format.span(draft.minutes)}
              </button>
            ) : null}
            {draft.silent && (
              <button
                type="button"
                className={css.extra}
                title={t.task.silentHint}
                onClick={() => change({ ...draft, silent: undefined })}
              >
                <BellOff size={13} /> {t.task.silent} <X size={12} />
              </button>
            )}
          </div>
          <IconButton label={t.files.attach} className={css.split} onClick={() => chooser.current?.click()}>
            <Paperclip size={16} />
          </IconButton>
          <input
            ref={chooser}
            type="file"
            multiple
            hidden
            aria-label={t.files.attach}
            onChange={({ target }) => {
              add([...(target.files ?? [])]);
              // The same one may be chosen again after it was left out.
              target.value = "";
            }}
          />
          {menu}
          <Button
            type="submit"
            kind={standing.awaited || standing.toAcknowledge ? "plain" : "primary"}
            icon={<SendHorizontal size={16} />}
            className={css.send}
            busy={busy}
            disabled={!says(draft) && !draft.minutes}
            title={`${t.task.send} (${/Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl"}+Enter)`}
            aria-label={t.task.send}
          />
        </div>
      </div>
      <RejectDialog
        open={asks === "reject"}
        task={task}
        reason={draft.text}
        onClose={(text) => {
          setAsks(undefined);
          if (withReason(text) !== draft) put(withReason(text));
        }}
        onReject={(text, back) => {
          setAsks(undefined);
          const choice = back ?? { approval_choice: "rejected" };
          void send({ ...choice, seen: position }, "rejected", withReason(text));
        }}
      />
      <MinutesDialog
        open={asks === "minutes"}
        minutes={draft.minutes}
        onChange={(minutes) => change({ ...draft, minutes })}
        onClose={() => setAsks(undefined)}
      />
    </form>
  );
}

/** What an edited comment has: it keeps what is not taken out. */
function filesOf({ attachments }: Comment): Pick<Draft, "files"> {
  const files = attachedIn(attachments);
  return files.length > 0 ? { files } : {};
}
