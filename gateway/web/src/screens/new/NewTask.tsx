// A new task of no form: what is to be done, by whom, until when. Beside it the forms, for what has one.

import { Clock } from "lucide-react";
import { Suspense, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { useActions } from "~/app/actions";
import { lazily } from "~/app/lazily";
import { TaskPicker } from "~/fields/TaskPicker";
import { useT } from "~/i18n";
import type { Attached } from "~/store/carried";
import { useDraft } from "~/store/drafts";
import { Button } from "~/ui/Button";
import { DateField } from "~/ui/DateField";
import { TextArea, TextField } from "~/ui/Field";
import { Page } from "~/ui/Page";
import { PersonPicker } from "~/ui/PersonPicker";
import { ProblemNote } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import { FormChooser } from "./FormChooser";
import { ListPicker } from "./ListPicker";
import css from "./New.module.css";
import { useCreate } from "./useCreate";
import { Waits } from "./Waits";

const FileInput = lazily(() => import("~/files/FileInput"));

interface Draft {
  what?: string;
  details?: string;
  responsible?: number;
  participants?: number[];
  subscribers?: number[];
  due?: string;
  dueTime?: boolean;
  lists?: number[];
  parent?: number;
  files?: Attached[];
}

export default function NewTask() {
  const t = useT();
  const [, go] = useLocation();
  const asked = new URLSearchParams(useSearch());
  const given = {
    parent: Number(asked.get("parent")) || undefined,
    list: Number(asked.get("list")) || undefined,
    responsible: Number(asked.get("responsible")) || undefined,
  };
  // What was begun elsewhere is not part of this task, nor of this list.
  const [kept, setDraft] = useDraft<Draft>(["new", ...asked.values()].join(":"));
  const draft: Draft = {
    ...(given.parent ? { parent: given.parent } : {}),
    ...(given.list ? { lists: [given.list] } : {}),
    ...(given.responsible ? { responsible: given.responsible } : {}),
    ...kept,
  };
  const [left, setLeft] = useState(false);
  const { creating, create, again } = useCreate();
  const more = Boolean(draft.subscribers?.length || draft.parent || draft.lists?.length);
  const put = (part: Partial<Draft>) => {
    if (creating.state === "refused") again();
    setDraft({ ...draft, ...part });
  };
  const missing = !draft.what?.trim();
  const send = (another: boolean) => {
    if (creating.state === "busy") return;
    setLeft(true);
    if (missing) {
      document.querySelector<HTMLInputElement>("[name=what]")?.focus();
      return;
    }
    void create(bodyOf(draft), draft.what?.trim() ?? "", {
      kept: () => {
        setDraft(undefined);
        setLeft(false);
      },
      back: () => setDraft(draft),
      done: (task) => {
        if (!another) return go(`/tasks/${task}`);
        toast(t.forms.created, { action: { label: t.forms.show, run: () => go(`/tasks/${task}`) } });
        document.querySelector<HTMLInputElement>("[name=what]")?.focus();
      },
    });
  };
  useActions([
    {
      id: "new.create",
      label: t.forms.create,
      keys: "$mod+Enter",
      whileTyping: true,
      run: () => send(false),
    },
    {
      id: "new.create_and_new",
      label: t.forms.createAndNew,
      keys: "$mod+Shift+Enter",
      whileTyping: true,
      run: () => send(true),
    },
  ]);
  return (
    <Page title={t.forms.newTitle}>
      <div className={css.columns}>
        {creating.state === "waits" ? (
          <Waits onAnother={again} />
        ) : (
          <form
            className={css.form}
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              send(false);
            }}
          >
            <TextField
              label={t.forms.what}
              name="what"
              required
              maxLength={300}
              value={draft.what ?? ""}
              onChange={({ target }) => put({ what: target.value })}
              error={left && missing ? t.forms.needsText : undefined}
              autoFocus={matchMedia("(pointer: fine)").matches}
            />
            <TextArea
              label={t.forms.details}
              rows={4}
              value={draft.details ?? ""}
              onChange={({ target }) => put({ details: target.value })}
            />
            <Suspense fallback={<div className={css.coming} />}>
              <FileInput
                label={t.files.attached}
                files={draft.files ?? []}
                onChange={(files) => put({ files: files.length > 0 ? files : undefined })}
              />
            </Suspense>
            <div className={css.pair}>
              <PersonPicker
                label={t.forms.responsible}
                value={draft.responsible === undefined ? [] : [draft.responsible]}
                onChange={([responsible]) => put({ responsible })}
              />
              <div className={css.due}>
                <DateField
                  label={t.forms.due}
                  time={draft.dueTime}
                  value={draft.due}
                  onChange={(due) => put({ due })}
                />
                <Button
                  kind="quiet"
                  icon={<Clock size={15} />}
                  onClick={() => put({ dueTime: !draft.dueTime, due: switched(draft.due, !draft.dueTime) })}
                >
                  {draft.dueTime ? t.forms.dueDay : t.forms.dueTime}
                </Button>
              </div>
            </div>
            <PersonPicker
              label={t.forms.participants}
              multiple
              value={draft.participants ?? []}
              onChange={(participants) => put({ participants })}
              without={draft.responsible === undefined ? [] : [draft.responsible]}
            />
            <details className={css.more} open={more || undefined}>
              <summary>{t.forms.more}</summary>
              <div className={css.inner}>
                <ListPicker value={draft.lists ?? []} onChange={(lists) => put({ lists })} />
                <TaskPicker
                  label={t.forms.parent}
                  value={draft.parent === undefined ? undefined : { kind: "tasks", ids: [draft.parent] }}
                  onChange={(input) => put({ parent: input?.kind === "tasks" ? input.ids[0] : undefined })}
                />
                <PersonPicker
                  label={t.forms.subscribers}
                  multiple
                  value={draft.subscribers ?? []}
                  onChange={(subscribers) => put({ subscribers })}
                />
              </div>
            </details>
            {creating.state === "refused" && <ProblemNote error={creating.error} />}
            <div className={css.foot}>
              <Button type="submit" kind="primary" busy={creating.state === "busy"}>
                {t.forms.create}
              </Button>
              <Button onClick={() => send(true)} disabled={creating.state === "busy"}>
                {t.forms.createAndNew}
              </Button>
            </div>
          </form>
        )}
        <FormChooser />
      </div>
    </Page>
  );
}

/** A due day becomes a moment at its end of work, and back. */
function switched(due: string | undefined, time: boolean): string | undefined {
  if (!due) return undefined;
  if (!time) return due.slice(0, 10);
  const moment = new Date(`${due}T18:00`);
  return Number.isNaN(moment.getTime()) ? undefined : `${moment.toISOString().slice(0, 19)}Z`;
}

const named = (ids: number[] | undefined) => (ids?.length ? ids.map((id) => ({ id })) : undefined);

/** As the dialect wants it: without details, what is to be done is the text itself. Pure. */
export function bodyOf(draft: Draft): Record<string, unknown> {
  const what = draft.what?.trim() ?? "";
  const details = draft.details?.trim() ?? "";
  const body: Record<string, unknown> = {
    ...(details ? { subject: what, text: details } : { text: what }),
    responsible: draft.responsible === undefined ? undefined : { id: draft.responsible },
    participants: named(draft.participants),
    subscribers: named(draft.subscribers),
    list_ids: draft.lists?.length ? draft.lists : undefined,
    parent_task_id: draft.parent,
    attachments: draft.files?.length ? draft.files : undefined,
    ...(draft.due ? (draft.dueTime ? { due: draft.due } : { due_date: draft.due }) : {}),
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
