// Where an announcement or a comment on one is written: a plain field at first, formatted once the editor is loaded. Kept until it is
// accepted or given up.

import { lazy, Suspense, useId, useRef, useState } from "react";
import { useT } from "~/i18n";
import type { Draft } from "~/screens/task/draft";
import type { EditorHandle } from "~/screens/task/Editor";
import { useDraft } from "~/store/drafts";
import { Button } from "~/ui/Button";
import { ProblemNote } from "~/ui/ProblemNote";
import css from "./Announcements.module.css";
import { type Text, useChange } from "./useAnnouncements";

const Editor = lazy(() => import("~/screens/task/Editor"));

interface Props {
  /** Under what it is kept. */
  name: string;
  label: string;
  submit: string;
  before?: { text?: string | null; formatted_text?: string | null };
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
  const first: Draft = { text: before?.text ?? "", html: before?.formatted_text ?? undefined };
  const draft = kept ?? first;
  const [focused, setFocused] = useState(false);
  const send = useChange();
  const open = focused || draft.text.trim() !== "" || Boolean(onDone);
  const give = () => {
    keep(undefined);
    editor.current?.put({ text: "" });
    setFocused(false);
    onDone?.();
  };
  const submitIt = () => {
    if (!draft.text.trim() || send.isPending) return;
    const body = draft.html ? { formatted_text: draft.html } : { text: draft.text.trim() };
    send.mutate(() => onSend(body), { onSuccess: give });
  };
  return (
    <form
      className={css.writer}
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
              onChange={({ target }) => keep({ text: target.value })}
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
          onChange={(text, html) => keep(text.trim() ? { text, html } : undefined)}
          onKey={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return false;
            submitIt();
            return true;
          }}
        />
      </Suspense>
      <ProblemNote error={send.error} />
      {open && (
        <div className={css.writerFoot}>
          {(draft.text.trim() !== "" || onDone) && (
            <Button kind="quiet" size="s" onClick={give}>
              {t.common.cancel}
            </Button>
          )}
          <Button
            type="submit"
            size="s"
            kind={primary === false ? "plain" : "primary"}
            busy={send.isPending}
            disabled={!draft.text.trim()}
          >
            {submit}
          </Button>
        </div>
      )}
    </form>
  );
}
