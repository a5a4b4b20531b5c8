// What is done with many tasks at once: said beforehand, sent one by one through the outbox, and told of each what became of it.

import { CheckCircle2, CircleAlert, Clock3, MessageSquare, PenLine, UserPlus, X } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import type { Form } from "~/api/types";
import { usePending, useSession } from "~/app/context";
import { FieldInput } from "~/fields/FieldInput";
import { misfit } from "~/fields/validate";
import { type Input, isTold, placed } from "~/fields/values";
import { toWrite } from "~/fields/write";
import { useForget } from "~/files/attach";
import { useT } from "~/i18n";
import { Button, IconButton } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Select, TextArea } from "~/ui/Field";
import { PersonPicker } from "~/ui/PersonPicker";
import css from "./BulkBar.module.css";
import { columnFields, type RegisterTask } from "./columns";

type What = "field" | "comment" | "approver" | "close" | "reopen";

/** Tasks that a preview names. */
const NAMED = 5;

export function BulkBar({ form, tasks, onDone }: { form: Form; tasks: RegisterTask[]; onDone: () => void }) {
  const t = useT();
  const [what, setWhat] = useState<What>();
  const allClosed = tasks.length > 0 && tasks.every(({ is_closed }) => is_closed);
  return (
    <div className={css.bar} data-floating="" role="toolbar" aria-label={t.register.selected(tasks.length)}>
      <b role="status">{t.register.selected(tasks.length)}</b>
      <Button size="s" icon={<PenLine size={14} />} onClick={() => setWhat("field")}>
        {t.register.bulk.field}
      </Button>
      <Button size="s" icon={<MessageSquare size={14} />} onClick={() => setWhat("comment")}>
        {t.register.bulk.comment}
      </Button>
      <Button size="s" icon={<UserPlus size={14} />} onClick={() => setWhat("approver")}>
        {t.register.bulk.approver}
      </Button>
      <Button size="s" onClick={() => setWhat(allClosed ? "reopen" : "close")}>
        {allClosed ? t.register.bulk.reopen : t.register.bulk.close}
      </Button>
      <IconButton label={t.register.deselect} onClick={onDone}>
        <X size={16} />
      </IconButton>
      {what && (
        <Change form={form} tasks={tasks} what={what} onClose={() => setWhat(undefined)} onDone={onDone} />
      )}
    </div>
  );
}

function Change({
  form,
  tasks,
  what,
  onClose,
  onDone,
}: {
  form: Form;
  tasks: RegisterTask[];
  what: What;
  onClose: () => void;
  onDone: () => void;
}) {
  const t = useT();
  const { outbox } = useSession();
  const fields = useMemo(
    () => columnFields(placed(form.fields)).filter((field) => !isTold(field) && field.type !== "table"),
    [form.fields],
  );
  const [field, setField] = useState(fields[0]?.id);
  const [value, setValue] = useState<Input>();
  const [touched, setTouched] = useState(false);
  const [text, setText] = useState("");
  const [people, setPeople] = useState<number[]>([]);
  /** Commands by task, once it was begun. What it was about does not change while it runs. */
  const [sent, setSent] = useState<{ task: RegisterTask; command: string }[]>();
  const begun = useRef(false);
  const forget = useForget();
  const leave = () => {
    if (!begun.current) forget(value);
    onClose();
  };
  const template = fields.find(({ id }) => id === field);
  const wrong = template && misfit(template, value, t.fields);

  const body = (task: RegisterTask): Record<string, unknown> => {
    switch (what) {
      case "field":
        return { field_updates: template ? [toWrite(template, value)] : [] };
      case "comment":
        return { text };
      case "approver": {
        const steps = Array.from(
          { length: Math.max(1, task.current_step ?? 1) },
          () => [] as { id: number }[],
        );
        steps[steps.length - 1] = people.map((id) => ({ id }));
        return { approvals_added: steps };
      }
      case "close":
        return { action: "finished" };
      case "reopen":
        return { action: "reopened" };
    }
  };
  const missing =
    (what === "comment" && !text.trim()) ||
    (what === "approver" && people.length === 0) ||
    (what === "field" && (!template || !touched || wrong !== undefined));
  const apply = async () => {
    if (missing || begun.current) return;
    begun.current = true;
    const commands = await outbox.addAll(
      tasks.map((task) => ({
        method: "POST",
        path: `/v4/tasks/${task.id}/comments`,
        body: body(task),
        kind: "comment",
        task: task.id,
        title: task.text ?? "",
      })),
    );
    setSent(tasks.map((task, at) => ({ task, command: commands[at]?.id ?? "" })));
  };
  if (sent) {
    return (
      <Dialog
        open
        onClose={() => {
          onClose();
          onDone();
        }}
        title={t.register.bulk.results}
        foot={
          <Button
            kind="primary"
            onClick={() => {
              onClose();
              onDone();
            }}
          >
            {t.common.done}
          </Button>
        }
      >
        <Results sent={sent} total={tasks.length} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={leave}
      title={t.register.bulk[what]}
      foot={
        <>
          <Button onClick={leave}>{t.common.cancel}</Button>
          <Button kind="primary" disabled={missing} onClick={() => void apply()}>
            {t.register.bulk.apply(tasks.length)}
          </Button>
        </>
      }
    >
      {what === "field" && (
        <>
          <Select
            label={t.register.bulk.which}
            value={field ?? ""}
            onChange={({ target }) => {
              forget(value);
              setField(Number(target.value));
              setValue(undefined);
              setTouched(false);
            }}
          >
            {fields.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </Select>
          {template && (
            <FieldInput
              key={template.id}
              template={{
                ...template,
                name: t.register.bulk.to,
                ...(template.type === "file" && { tooltip: t.register.bulk.filesTo }),
              }}
              value={value}
              onChange={(next) => {
                setValue(next);
                setTouched(true);
              }}
              error={wrong}
            />
          )}
        </>
      )}
      {what === "comment" && (
        <TextArea
          label={t.register.bulk.text}
          value={text}
          autoFocus
          onChange={({ target }) => setText(target.value)}
        />
      )}
      {what === "approver" && (
        <PersonPicker label={t.register.bulk.who} multiple value={people} onChange={setPeople} />
      )}
      <div className={css.preview}>
        <p>{t.register.bulk.preview(tasks.length)}</p>
        <ul>
          {tasks.slice(0, NAMED).map((task) => (
            <li key={task.id}>{task.text || `№ ${task.id}`}</li>
          ))}
        </ul>
        {tasks.length > NAMED && <p>{t.register.bulk.others(tasks.length - NAMED)}</p>}
      </div>
    </Dialog>
  );
}

function Results({ sent, total }: { sent: { task: RegisterTask; command: string }[]; total: number }) {
  const t = useT();
  const pending = usePending();
  const open = new Map(pending.map((command) => [command.id, command]));
  const done = sent.filter(({ command }) => !open.has(command)).length;
  const failed = sent.filter(({ command }) => open.get(command)?.state === "refused").length;
  return (
    <>
      <p role="status" className={css.sum}>
        {t.register.bulk.done(done, total)}
        {failed > 0 && ` · ${t.register.bulk.failed(failed)}`}
      </p>
      <ul className={css.results}>
        {sent.map(({ task, command }) => {
          const state = open.get(command)?.state ?? "done";
          return (
            <li key={task.id} className={css.result}>
              {state === "done" ? (
                <CheckCircle2 size={16} className={css.good} aria-hidden="true" />
              ) : state === "refused" ? (
                <CircleAlert size={16} className={css.bad} aria-hidden="true" />
              ) : (
                <Clock3 size={16} className={css.soft} aria-hidden="true" />
              )}
              <span className={css.what}>
                <span>{task.text || `№ ${task.id}`}</span>
                {state === "refused" && <small>{open.get(command)?.refusal?.message}</small>}
              </span>
              <span className={css.soft}>{t.register.bulk.states[state]}</span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
