// A task: what it is, what was said and done, and what can be done next.

import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useSession } from "~/app/context";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { useDraft } from "~/store/drafts";
import { isPending } from "~/store/tasks";
import { Avatar } from "~/ui/Avatar";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { TextArea } from "~/ui/Field";
import { ProblemNote } from "~/ui/ProblemNote";
import css from "./TaskView.module.css";
import { useTask } from "./useTask";

export function TaskView({ id, back }: { id: number; back?: string }) {
  const t = useT();
  const format = useFormat();
  const { task, error, refetch } = useTask(id);
  if (error && !task) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (!task) return <Opening />;
  return (
    <article className={css.task}>
      <header className={css.head}>
        {back && (
          <Link href={back} className={css.back} aria-label={t.common.back}>
            <ArrowLeft size={18} />
          </Link>
        )}
        <h1>{task.subject || task.text || `№ ${task.id}`}</h1>
        {task.is_closed && <Badge>{t.task.closed}</Badge>}
      </header>
      <div className={css.feed}>
        {task.comments?.map((comment) => (
          <div key={comment.id} className={css.comment}>
            <Avatar person={comment.author} size={32} />
            <div>
              <div className={css.by}>
                <b>{format.person(comment.author)}</b> <time>{format.relative(comment.create_date)}</time>
                {isPending(comment) && (
                  <Badge tone={comment.pending.state === "refused" ? "bad" : "info"}>
                    {comment.pending.state === "refused"
                      ? comment.pending.refusal?.message
                      : t.task[comment.pending.state]}
                  </Badge>
                )}
              </div>
              <p className={css.text}>{comment.text}</p>
            </div>
          </div>
        ))}
      </div>
      <Composer id={id} title={task.text ?? ""} />
    </article>
  );
}

function Composer({ id, title }: { id: number; title: string }) {
  const t = useT();
  const { outbox } = useSession();
  const [text, setText] = useDraft<string>(`comment:${id}`);
  const [busy, setBusy] = useState(false);
  const send = async () => {
    if (!text?.trim()) return;
    setBusy(true);
    await outbox.add({
      method: "POST",
      path: `/v4/tasks/${id}/comments`,
      body: { text },
      kind: "comment",
      task: id,
      title,
    });
    setText(undefined);
    setBusy(false);
  };
  return (
    <form
      className={css.composer}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextArea
        label={t.task.comment}
        bare
        rows={1}
        placeholder={t.task.placeholder}
        value={text ?? ""}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
        }}
      />
      <Button type="submit" kind="primary" busy={busy}>
        {t.task.send}
      </Button>
    </form>
  );
}
