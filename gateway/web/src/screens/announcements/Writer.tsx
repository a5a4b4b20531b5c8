// Where an announcement or a comment on one is written: a plain field at first, formatted once the editor is loaded. Kept until it is
// accepted or given up, with its files.

import { Paperclip } from "lucide-react";
import { lazy, Suspense, useId, useRef, useState } from "react";
import { useSession } from "~/app/context";
import { lazily } from "~/app/lazily";
import { FILES_MAX, useAttach, useDrop } from "~/files/attach";
import { carry } from "~/files/carry";
import { useT } from "~/i18n";
import { type Draft, says } from "~/screens/task/draft";
import type { EditorHandle } from "~/screens/task/Editor";
import { attachedIn } from "~/store/carried";
import { useDraft } from "~/store/drafts";
import { Button, IconButton } from "~/ui/Button";
import { ProblemNote } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import css from "./Announcements.module.css";
import { type Text, useChange } from "./useAnnouncements";

const Chips = lazily(() => import("~/files/Chips"));
const Editor = lazy(() => import("~/screens/task/Editor"));

interface Props {
  /** Under what it is kept. */
  name: string;
  label: string;
  submit: string;
  before?: { text?: string | null; formatted_text?: string | null; attachments?: unknown };
  onSend: (body: Text) => Promise<unknown>;
  /** After it was accepted or given up. */
  onDone?: () => void;
  primary?: boolean;
}

export function Writer(props: Props) {
  const [kept, keep, ready] = useDraft<Draft>(props.name);
  // What was typed before is looked up first: the editor takes its content once.
  return ready ? <Writing {...props} kept={kept} keep={keep} /> : null;
}

function Writing({
  label,
  submit,
  before,
  onSend,
  onDone,
  primary,
  kept,
  keep,
}: Props & { kept: Draft | undefined; keep: (draft: Draft | undefined) => void }) {
  const t = useT();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const editor = useRef<EditorHandle>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const { files: carrier } = useSession();
  const attach = useAttach();
  const first: Draft = {
    text: before?.text ?? "",
    html: before?.formatted_text ?? undefined,
    files: attachedIn(before?.attachments),
  };
  const draft = kept ?? first;
  const files = draft.files ?? [];
  // What was changed last, also where it is not drawn yet: the editor and a file may come in one breath.
  const latest = useRef(draft);
  latest.current = draft;
  const change = (part: Partial<Draft>) => {
    latest.current = { ...latest.current, ...part };
    keep(says(latest.current) || before ? latest.current : undefined);
  };
  const add = (chosen: File[]) => {
    const now = latest.current.files ?? [];
    const room = chosen.slice(0, FILES_MAX - now.length);
    if (room.length < chosen.length) toast(t.files.most(FILES_MAX), { tone: "bad" });
    if (room.length > 0) change({ files: [...now, ...attach(room)] });
  };
  const drop = useDrop(add);
  const [focused, setFocused] = useState(false);
  const send = useChange();
  const open = focused || says(draft) || Boolean(onDone);
  const give = () => {
    keep(undefined);
    editor.current?.put({ text: "" });
    setFocused(false);
    onDone?.();
  };
  const submitIt = () => {
    if (!says(draft) || send.isPending) return;
    const words = draft.html ? { formatted_text: draft.html } : { text: draft.text.trim() };
    const had = attachedIn(before?.attachments).length > 0;
    const body = { ...words, ...((files.length > 0 || had) && { attachments: files }) };
    send.mutate(() => carry(carrier, body, onSend), { onSuccess: give });
  };
  return (
    <form
      className={`${css.writer} ${drop.over ? css.over : ""}`}
      {...drop.listens}
      onFocus={() => setFocused(true)}
      onSubmit={(event) => {
        event.preventDefault();
        submitIt();
      }}
    >
      <Suspense
        fallback={
          <>
            <label htmlFor={id} className="hidden">
              {label}
            </label>
            <textarea
              id={id}
              ref={area}
              rows={1}
              placeholder={label}
              value={draft.text}
              onChange={({ target }) => change({ text: target.value, html: undefined })}
            />
          </>
        }
      >
        <Editor
          ref={editor}
          label={label}
          initial={() => draft}
          taking={area}
          compact={!open}
          onChange={(text, html) => change({ text, html })}
          onKey={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return false;
            submitIt();
            return true;
          }}
        />
      </Suspense>
      {files.length > 0 && (
        <div className={css.files}>
          <Suspense>
            <Chips
              files={files}
              onRemove={(file) => change({ files: files.filter((other) => other !== file) })}
            />
          </Suspense>
        </div>
      )}
      <ProblemNote error={send.error} />
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
      {open && (
        <div className={css.writerFoot}>
          <IconButton label={t.files.attach} className={css.attach} onClick={() => chooser.current?.click()}>
            <Paperclip size={17} />
          </IconButton>
          {(says(draft) || onDone) && (
            <Button
              kind="quiet"
              size="s"
              onClick={() => {
                const added = files.flatMap(({ kept_file }) => kept_file ?? []);
                if (added.length > 0) void carrier().then((uploads) => uploads.drop(added));
                give();
              }}
            >
              {t.common.cancel}
            </Button>
          )}
          <Button
            type="submit"
            size="s"
            kind={primary === false ? "plain" : "primary"}
            busy={send.isPending}
            disabled={!says(draft)}
          >
            {submit}
          </Button>
        </div>
      )}
    </form>
  );
}
