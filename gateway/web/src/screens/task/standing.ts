// What a person is to a task, by themselves or by a role of theirs, and so what is offered to them. The server decides; this only keeps
// buttons away that would always be refused. Pure.

import type { Approval, Task } from "~/api/types";
import { waits } from "~/store/tasks";

export interface Standing {
  /** The current step waits for them. */
  awaited: boolean;
  /** The role in whose place they would decide. */
  asRole?: Approval["person"];
  /** They are asked to say that they have read it. */
  toAcknowledge: boolean;
  /** The step that they decided last, and can take that back: the task goes back to it. */
  revocable?: number;
  mayClose: boolean;
  follows: boolean;
}

export function standingOf(task: Task, me: number, roles: readonly number[]): Standing {
  const mine = (id: number | undefined) => id === me || (id !== undefined && roles.includes(id));
  const steps = (task.approvals ?? []).flat();
  const here = steps.filter(({ step, person }) => step === task.current_step && mine(person.id));
  const waiting = here.filter(waits);
  const own = waiting.find(({ person }) => person.id === me) ?? waiting[0];
  const decided = steps
    .filter((approval) => mine(approval.person.id) && !waits(approval))
    // That its author asked for it is no decision.
    .filter(
      ({ step = 0, person }) =>
        step <= (task.current_step ?? 0) && !(step === 1 && person.id === task.author.id),
    )
    .at(-1);
  return {
    awaited: !task.is_closed && waiting.length > 0,
    asRole: own && own.person.id !== me ? own.person : undefined,
    toAcknowledge: (task.subscribers ?? []).some(
      ({ person, approval_choice }) => mine(person.id) && approval_choice === "waiting",
    ),
    revocable: task.is_closed ? undefined : decided?.step,
    mayClose:
      mine(task.author.id) ||
      mine(task.responsible?.id) ||
      (task.participants ?? []).some(({ id }) => mine(id)) ||
      steps.some(({ person }) => mine(person.id)),
    follows: (task.subscribers ?? []).some(({ person }) => person.id === me),
  };
}

/** One step of a task's way, with who decided it and how long it took. */
export interface RouteStep {
  step: number;
  name: string;
  state: "done" | "returned" | "now" | "ahead";
  approvals: Approval[];
  /** In milliseconds, so far where it is the current one. */
  elapsed?: number;
}

/** The way of a task: the steps that it went, where it stands, and those that its form has ahead. */
export function routeOf(
  task: Task,
  names: Readonly<Record<string, string>> | undefined,
  entered: number | undefined,
  now: number,
): RouteStep[] {
  const known = new Map<number, string>(
    Object.entries(names ?? {}).map(([step, name]) => [Number(step), name]),
  );
  for (const { step, name } of task.steps ?? []) known.set(step, name);
  const approvals = (task.approvals ?? []).flat();
  for (const { step } of approvals) if (step && !known.has(step)) known.set(step, String(step));
  const current = task.current_step ?? 0;
  const elapsed = new Map((task.steps ?? []).map(({ step, elapsed_time }) => [step, elapsed_time]));
  return (
    [...known]
      .sort(([left], [right]) => left - right)
      .map(([step, name]) => {
        const own = approvals.filter((approval) => approval.step === step);
        const before = elapsed.get(step);
        const isNow = step === current && !task.is_closed;
        const since = isNow && entered !== undefined ? Math.max(0, now - entered) : 0;
        return {
          step,
          name,
          state: isNow ? "now" : step > current ? "ahead" : "done",
          approvals: own,
          elapsed: isNow ? (before ?? 0) + since : step > current ? undefined : before,
        } satisfies RouteStep;
      })
      // A step that was skipped on the way has nobody and took no time.
      .filter(
        ({ state, approvals: own, elapsed: took }) => state !== "done" || own.length > 0 || Boolean(took),
      )
  );
}

/** When the current step began, by the comments: the last that reached a step, or led back to one. */
export function enteredAt(task: Task): number | undefined {
  const comments = task.comments ?? [];
  for (let index = comments.length - 1; index >= 0; index -= 1) {
    const comment = comments[index];
    if (
      comment &&
      (comment.changed_step === task.current_step || comment.reset_to_step === task.current_step)
    )
      return Date.parse(comment.create_date);
  }
  return comments[0] ? Date.parse(comments[0].create_date) : undefined;
}
