// What a task is called, how it stands, who else is here, and everything that can be done with it.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  AlarmClock,
  ArrowLeft,
  Bell,
  BellOff,
  CalendarClock,
  CircleCheck,
  Clock,
  EllipsisVertical,
  Eye,
  GitBranchPlus,
  History,
  Link2,
  ListTree,
  MailX,
  PanelRight,
  Pencil,
  Printer,
  RotateCcw,
  Undo2,
  UserRound,
  UsersRound,
} from "lucide-react";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { api, good } from "~/api/client";
import type { Form, Task } from "~/api/types";
import { type Action, useActions } from "~/app/actions";
import { usePresence, useSession } from "~/app/context";
import { Keys } from "~/app/Keys";
import { useTitle } from "~/app/title";
import { useFormat, useSpeech, useT } from "~/i18n";
import { LaterDialog } from "~/screens/inbox/LaterDialog";
import { useDirectory } from "~/store/directory";
import { Avatar } from "~/ui/Avatar";
import { Badge } from "~/ui/Badge";
import { Button, IconButton } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { TextField } from "~/ui/Field";
import { type Choice, Menu } from "~/ui/Menu";
import { useProblemText } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import { AccessDialog } from "./AccessDialog";
import { dueText, type Names } from "./ChangeLine";
import { dueOf } from "./changes";
import { isLate } from "./Details";
import { DueDialog } from "./DueDialog";
import type { Body } from "./doing";
import css from "./Head.module.css";
import { ListsDialog } from "./ListsDialog";
import { PeopleDialog, type Whose } from "./PeopleDialog";
import type { Standing } from "./standing";

export type Ask =
  | Whose
  | "due"
  | "schedule"
  | "lists"
  | "rename"
  | "access"
  | "snooze"
  | "remind"
  | undefined;

interface Props {
  task: Task;
  form: Form | undefined;
  names: Names;
  standing: Standing;
  back?: string;
  past: boolean;
  ask: Ask;
  onAsk: (ask: Ask) => void;
  onDo: (body: Body, what?: "finished") => void;
  onPutAway: () => void;
  onSnooze: (until: string) => void;
  onHistory: () => void;
  /** Shows what the task is, where there is no room for it beside. */
  onDetails?: () => void;
}

export function Head(props: Props) {
  const { task, form, names, back, past, ask, onAsk, onDo } = props;
  const t = useT();
  const format = useFormat();
  const due = dueOf(task);
  const late = isLate(task);
  const name = titleOf(task, form);
  const stepName = task.current_step ? names.step(task.current_step) : undefined;
  const done = () => onAsk(undefined);
  useTitle(name, 1);
  return (
    <header className={css.head}>
      {back && (
        <Link href={back} className={`${css.back} ${css.side}`} aria-label={t.common.back}>
          <ArrowLeft size={18} />
        </Link>
      )}
      <div className={css.names}>
        <p className={css.over}>
          <span className={css.kind}>{form?.name ?? t.task.task}</span>
          <span className={css.number}>№ {task.id}</span>
          {task.is_closed ? (
            <Badge tone="good" icon={<CircleCheck size={12} aria-hidden="true" />}>
              {t.task.closed}
            </Badge>
          ) : (
            stepName && <Badge tone="info">{stepName}</Badge>
          )}
          {due && !task.is_closed && (
            <Badge tone={late ? "bad" : "neutral"} icon={<CalendarClock size={12} aria-hidden="true" />}>
              {late ? `${t.inbox.overdue}: ${dueText(due, format)}` : dueText(due, format)}
            </Badge>
          )}
          {!past && <Present task={task.id} />}
        </p>
        <h1 className={css.title} title={name}>
          {name}
        </h1>
      </div>
      {!past && <Tools {...props} />}
      <PeopleDialog
        whose={isWhose(ask) ? ask : undefined}
        task={task}
        steps={Object.entries(form?.steps ?? {}).map(([step, label]) => ({
          step: Number(step),
          name: label,
        }))}
        onClose={done}
        onChange={onDo}
      />
      <DueDialog open={ask === "due"} task={task} onClose={done} onChange={onDo} />
      <ListsDialog open={ask === "lists"} task={task} onClose={done} onChange={onDo} />
      <AccessDialog open={ask === "access"} id={task.id} names={names} onClose={done} />
      <RenameDialog open={ask === "rename"} task={task} onClose={done} onChange={onDo} />
      <LaterDialog
        open={ask === "snooze"}
        title={t.inbox.snooze}
        hint={t.inbox.snoozeHint}
        onClose={done}
        onChoose={props.onSnooze}
      />
      <RemindDialog open={ask === "remind"} task={task} onClose={done} />
      <LaterDialog
        open={ask === "schedule"}
        title={t.task.schedule}
        hint={t.task.scheduleHint}
        onClose={done}
        onChoose={(scheduled_datetime_utc) => onDo({ scheduled_datetime_utc })}
        onNever={
          task.scheduled_date || task.scheduled_datetime_utc
            ? { label: t.task.cancelSchedule, run: () => onDo({ cancel_schedule: true }) }
            : undefined
        }
      />
    </header>
  );
}

const WHOSE: readonly string[] = ["responsible", "participants", "subscribers", "approvers"];
const isWhose = (ask: Ask): ask is Whose => WHOSE.includes(ask ?? "");

/** A task by its own words; the form's name stands above. */
export function titleOf(task: Task, form: Pick<Form, "name"> | undefined): string {
  const whole = (task.subject || task.text || `№ ${task.id}`).split("\n")[0] ?? "";
  const prefix = form ? `${form.name}: ` : "";
  return prefix && whole.startsWith(prefix) && whole.length > prefix.length
    ? whole.slice(prefix.length)
    : whole;
}

function Tools(props: Props) {
  const { task, form, standing, onAsk, onDo, onPutAway, onHistory, onDetails } = props;
  const { t, language } = useSpeech();
  const [, go] = useLocation();
  const follow = useFollow(task.id);
  const address = `${location.origin}/tasks/${task.id}`;
  const copy = () => void navigator.clipboard?.writeText(address).then(() => toast(t.common.copied));
  const print = (how: string, as: Record<string, string> = {}) =>
    void open(
      `/v4/tasks/${task.id}/${how}?${new URLSearchParams({ ...as, locale: language })}`,
      "_blank",
      "noopener",
    );
  const offers: (
    | false
    | undefined
    | (Omit<Action, "id"> & Pick<Choice, "icon" | "danger"> & { id: string })
    | null
  )[] = [
    { id: "put_away", label: t.inbox.putAway, keys: "e", icon: <MailX size={16} />, run: onPutAway },
    {
      id: "snooze",
      label: t.inbox.snooze,
      keys: "s",
      icon: <AlarmClock size={16} />,
      run: () => onAsk("snooze"),
    },
    { id: "remind", label: t.inbox.remind, keys: "m", icon: <Bell size={16} />, run: () => onAsk("remind") },
    null,
    !task.is_closed &&
      standing.mayClose && {
        id: "finish",
        label: t.task.finish,
        keys: "Shift+F",
        icon: <CircleCheck size={16} />,
        run: () => onDo({ action: "finished" }, "finished"),
      },
    task.is_closed &&
      standing.mayClose && {
        id: "reopen",
        label: t.task.reopen,
        keys: "Shift+F",
        icon: <RotateCcw size={16} />,
        run: () => onDo({ action: "reopened" }),
      },
    standing.revocable !== undefined && {
      id: "revoke",
      label: t.task.revoke,
      keys: "u",
      icon: <Undo2 size={16} />,
      run: () => onDo({ approval_choice: "revoked", approval_steps: [standing.revocable] }),
    },
    !task.form_id && {
      id: "responsible",
      label: t.task.changing.responsible,
      keys: "Shift+A",
      icon: <UserRound size={16} />,
      run: () => onAsk("responsible"),
    },
    !task.form_id && {
      id: "participants",
      label: t.task.changing.participants,
      keys: "p",
      icon: <UsersRound size={16} />,
      run: () => onAsk("participants"),
    },
    Boolean(task.form_id) && {
      id: "approvers",
      label: t.task.changing.approvers,
      keys: "p",
      icon: <UsersRound size={16} />,
      run: () => onAsk("approvers"),
    },
    {
      id: "subscribers",
      label: t.task.changing.subscribers,
      keys: "Shift+P",
      icon: <UsersRound size={16} />,
      run: () => onAsk("subscribers"),
    },
    { id: "due", label: t.task.due, keys: "d", icon: <CalendarClock size={16} />, run: () => onAsk("due") },
    {
      id: "schedule",
      label: t.task.schedule,
      keys: "Shift+S",
      icon: <Clock size={16} />,
      run: () => onAsk("schedule"),
    },
    { id: "lists", label: t.task.lists, keys: "l", icon: <ListTree size={16} />, run: () => onAsk("lists") },
    !task.form_id && {
      id: "rename",
      label: t.task.rename,
      keys: "Shift+N",
      icon: <Pencil size={16} />,
      run: () => onAsk("rename"),
    },
    {
      id: "subtask",
      label: t.task.subtask,
      keys: "Shift+C",
      icon: <GitBranchPlus size={16} />,
      run: () => go(`/new?parent=${task.id}`),
    },
    null,
    {
      id: "follow",
      label: follow.on ? t.task.unfollow : t.task.follow,
      keys: "Shift+W",
      icon: follow.on ? <BellOff size={16} /> : <Bell size={16} />,
      run: follow.toggle,
    },
    { id: "access", label: t.task.whoSees, keys: "i", icon: <Eye size={16} />, run: () => onAsk("access") },
    { id: "history", label: t.task.history, keys: "h", icon: <History size={16} />, run: onHistory },
    { id: "link", label: t.task.copyLink, keys: "y", icon: <Link2 size={16} />, run: copy },
    {
      id: "print",
      label: t.task.print,
      keys: "$mod+p",
      icon: <Printer size={16} />,
      run: () => print("print"),
    },
    ...(form?.print_forms ?? []).map(({ print_form_id, print_form_name }, at) => ({
      id: `print.${print_form_id}`,
      label: t.task.printBy(print_form_name),
      keys: `o ${at + 1}`,
      icon: <Printer size={16} />,
      run: () => print(`print_forms/${print_form_id}`, { format: "html" }),
    })),
  ];
  useActions(
    offers.flatMap((offer) =>
      offer ? [{ ...offer, id: `task.${offer.id}`, group: t.task.task } as Action] : [],
    ),
  );
  const main = standing.mayClose && !task.is_closed && !standing.awaited && !task.form_id;
  return (
    <div className={css.tools}>
      {main && (
        <Button
          icon={<CircleCheck size={16} />}
          className={css.finish}
          onClick={() => onDo({ action: "finished" }, "finished")}
        >
          {t.task.finish}
        </Button>
      )}
      {task.is_closed && standing.mayClose && (
        <Button
          icon={<RotateCcw size={15} />}
          className={css.finish}
          onClick={() => onDo({ action: "reopened" })}
        >
          {t.task.reopen}
        </Button>
      )}
      {onDetails && (
        <IconButton label={t.task.details} onClick={onDetails}>
          <PanelRight size={18} />
        </IconButton>
      )}
      <span className={css.wide}>
        <IconButton label={`${t.inbox.snooze} (S)`} onClick={() => onAsk("snooze")}>
          <AlarmClock size={18} />
        </IconButton>
      </span>
      <IconButton label={`${t.inbox.putAway} (E)`} onClick={onPutAway}>
        <MailX size={18} />
      </IconButton>
      <Menu
        label={t.common.more}
        button={
          <IconButton label={t.common.more}>
            <EllipsisVertical size={18} />
          </IconButton>
        }
        choices={offers.map((offer) =>
          offer
            ? {
                label: offer.label,
                icon: offer.icon,
                // Seen, not a part of what the entry is called: `?` lists the keys.
                hint: offer.keys && (
                  <span aria-hidden="true">
                    <Keys keys={offer.keys} />
                  </span>
                ),
                onChoose: offer.run,
              }
            : offer,
        )}
      />
    </div>
  );
}

/** Who else looks at the task now, and who is writing. */
function Present({ task }: { task: number }) {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const present = usePresence(task);
  if (present.length === 0) return null;
  const known = present.map(({ id, writing }) => ({
    person: directory.get(id) ?? { id, type: "user" },
    writing,
  }));
  const writing = known.filter((somebody) => somebody.writing);
  const names = (people: typeof known) => format.list(people.map(({ person }) => format.person(person)));
  const words =
    writing.length > 0 ? t.task.writing(names(writing), writing.length) : t.task.here(names(known));
  return (
    <span className={css.present} title={t.task.here(names(known))}>
      {known.slice(0, 4).map(({ person, writing: writes }) => (
        <span key={person.id} className={writes ? css.writes : undefined}>
          <Avatar person={person} size={20} />
        </span>
      ))}
      <span className={writing.length > 0 ? css.writing : "hidden"} role="status">
        {words}
      </span>
    </span>
  );
}

function RenameDialog({
  open: isOpen,
  task,
  onClose,
  onChange,
}: {
  open: boolean;
  task: Task;
  onClose: () => void;
  onChange: (body: Body) => void;
}) {
  const t = useT();
  const [subject, setSubject] = useState<string>();
  const value = subject ?? titleOf(task, undefined);
  const save = () => {
    onClose();
    setSubject(undefined);
    if (value.trim()) onChange({ subject: value.trim() });
  };
  return (
    <Dialog
      open={isOpen}
      onClose={onClose}
      title={t.task.rename}
      size="s"
      foot={
        <Button kind="primary" disabled={!value.trim()} onClick={save}>
          {t.common.save}
        </Button>
      }
    >
      <TextField
        label={t.task.subject}
        autoFocus
        maxLength={500}
        value={value}
        onChange={({ target }) => setSubject(target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !value.trim()) return;
          // Else the same key would press what the focus goes back to.
          event.preventDefault();
          save();
        }}
      />
    </Dialog>
  );
}

function RemindDialog({ open: isOpen, task, onClose }: { open: boolean; task: Task; onClose: () => void }) {
  const t = useT();
  const format = useFormat();
  const { outbox } = useSession();
  const remind = (body: Body) =>
    void outbox.add({
      method: "POST",
      path: `/v4/inbox/${task.id}/remind`,
      body,
      kind: "other",
      task: task.id,
      title: task.text ?? "",
    });
  return (
    <LaterDialog
      open={isOpen}
      title={t.inbox.remind}
      hint={t.inbox.remindHint}
      onClose={onClose}
      onChoose={(at) => {
        remind({ at });
        toast(t.inbox.reminded(format.soon(new Date(at))));
      }}
      onNever={{ label: t.inbox.noReminder, run: () => remind({ cancel: true }) }}
    />
  );
}

interface Follows {
  follows: { task_id?: number | null }[];
}

/** Whether this person follows a task by their own wish. */
function useFollow(id: number): { on: boolean; toggle: () => void } {
  const cache = useQueryClient();
  const text = useProblemText();
  const { data } = useQuery({
    queryKey: ["follows"],
    queryFn: () => good(api.GET("/v4/follows")) as Promise<Follows>,
    staleTime: 300_000,
  });
  const on = Boolean(data?.follows.some(({ task_id }) => task_id === id));
  const change = useMutation({
    mutationFn: () =>
      good(
        on
          ? api.DELETE("/v4/follows", { body: { task_id: id } })
          : api.POST("/v4/follows", { body: { task_id: id } }),
      ) as Promise<Follows>,
    onSuccess: (answer) => cache.setQueryData(["follows"], answer),
    onError: (error) => toast(text(error), { tone: "bad" }),
  });
  return { on, toggle: () => change.mutate() };
}
