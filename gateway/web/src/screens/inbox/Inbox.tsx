// What needs this person, and beside it the task that is looked at.

import { useQuery } from "@tanstack/react-query";
import { Inbox as InboxIcon, Sparkles } from "lucide-react";
import { useMemo } from "react";
import { useLocation } from "wouter";
import { api, good } from "~/api/client";
import { useActions } from "~/app/actions";
import { usePending } from "~/app/context";
import { Opening } from "~/app/Opening";
import type { ScreenProps } from "~/app/screens";
import { useT } from "~/i18n";
import { TaskView } from "~/screens/task/TaskView";
import { Empty } from "~/ui/Empty";
import { ProblemNote } from "~/ui/ProblemNote";
import { TaskRow } from "~/ui/TaskRow";
import css from "./Inbox.module.css";

/** Rows that are asked for; who has more works the first off. */
const ROWS = 200;

export const inboxQuery = {
  queryKey: ["inbox"],
  queryFn: () =>
    good(api.GET("/v4/inbox", { params: { query: { item_count: ROWS, group_item_count: ROWS } } })),
};

export default function Inbox({ params }: ScreenProps) {
  const t = useT();
  const [, go] = useLocation();
  const { data, error, isPending, refetch } = useQuery(inboxQuery);
  const pending = usePending();
  const chosen = params.task ? Number(params.task) : undefined;

  // What was answered or put away here has left, also before the server has heard of it.
  const leaving = useMemo(
    () =>
      new Set(
        pending
          .filter(({ state, kind, body }) => state !== "refused" && (kind !== "comment" || answers(body)))
          .map(({ task }) => task),
      ),
    [pending],
  );
  const groups = useMemo(() => {
    const named = (data?.task_groups ?? []).map((group) => ({
      id: group.id,
      name: group.name,
      tasks: group.tasks ?? [],
    }));
    const grouped = new Set(named.flatMap(({ tasks }) => tasks.map(({ id }) => id)));
    const rest = (data?.tasks ?? []).filter(({ id }) => !grouped.has(id));
    const all = [{ id: 0, name: t.inbox.other, tasks: rest }, ...named];
    return all
      .map((group) => ({ ...group, tasks: group.tasks.filter(({ id }) => !leaving.has(id)) }))
      .filter(({ tasks }) => tasks.length > 0);
  }, [data, leaving, t]);
  const ids = groups.flatMap(({ tasks }) => tasks.map(({ id }) => id));
  const step = (by: number) => {
    const at = chosen === undefined ? -1 : ids.indexOf(chosen);
    const next = ids[Math.min(ids.length - 1, Math.max(0, at + by))];
    if (next !== undefined) go(`/inbox/${next}`);
  };
  useActions([
    { id: "inbox.next", label: "↓", keys: "j", run: () => step(1) },
    { id: "inbox.previous", label: "↑", keys: "k", run: () => step(-1) },
  ]);

  return (
    <div className={`${css.split} ${chosen !== undefined ? css.chosen : ""}`}>
      <section className={css.list} aria-label={t.inbox.title}>
        <header className={css.head}>
          <h1>{t.inbox.title}</h1>
        </header>
        {error && !data ? <ProblemNote error={error} onRetry={() => void refetch()} /> : null}
        {isPending && !error ? <Opening /> : null}
        {data && ids.length === 0 ? (
          <Empty icon={<Sparkles size={24} />} title={t.inbox.empty}>
            {t.inbox.emptyHint}
          </Empty>
        ) : null}
        {groups.map((group) => (
          <div key={group.id} className={css.group}>
            <h2 className={css.name}>
              {group.name} <span>{group.tasks.length}</span>
            </h2>
            <ul>
              {group.tasks.map((task) => (
                <li key={task.id}>
                  <TaskRow task={task} href={`/inbox/${task.id}`} here={task.id === chosen} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </section>
      <section className={css.detail}>
        {chosen !== undefined ? (
          <TaskView key={chosen} id={chosen} back="/inbox" />
        ) : (
          <Empty icon={<InboxIcon size={24} />} title={t.inbox.pick} />
        )}
      </section>
    </div>
  );
}

function answers(body: unknown): boolean {
  const { approval_choice, action, hide } = (body ?? {}) as {
    approval_choice?: string;
    action?: string;
    hide?: boolean;
  };
  return (
    Boolean(hide) ||
    action === "finished" ||
    approval_choice === "approved" ||
    approval_choice === "rejected" ||
    approval_choice === "acknowledged"
  );
}
