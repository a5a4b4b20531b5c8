// Tasks of a register, counted. Pure.

import type { TemplateField } from "~/api/types";
import { type RegisterTask, shownIn } from "./columns";

export interface Counted {
  /** Empty for what has none. */
  name: string;
  count: number;
}

/** In the order of the route; steps where nothing stands too, and what is before the route only where there is some. */
export function byStep(tasks: readonly RegisterTask[], steps: Record<string, string>): Counted[] {
  const counts = new Map<number, number>();
  for (const task of tasks) counts.set(task.current_step ?? 0, (counts.get(task.current_step ?? 0) ?? 0) + 1);
  const numbers = [...new Set([...Object.keys(steps).map(Number), ...counts.keys()])].sort((a, b) => a - b);
  return numbers.map((number) => ({
    name: number === 0 ? "" : (steps[String(number)] ?? String(number)),
    count: counts.get(number) ?? 0,
  }));
}

/** The most chosen first, what is empty last. A task with several choices counts for each. */
export function byChoice(tasks: readonly RegisterTask[], field: TemplateField): Counted[] {
  const counts = new Map<number, number>();
  let empty = 0;
  for (const task of tasks) {
    const ids = (shownIn(task, field.id)?.value as { choice_ids?: number[] } | undefined)?.choice_ids ?? [];
    if (ids.length === 0) empty += 1;
    for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const name = (id: number) =>
    field.info.options?.find(({ choice_id }) => choice_id === id)?.choice_value ?? `№ ${id}`;
  const found = [...counts].map(([id, count]) => ({ name: name(id), count }));
  found.sort((left, right) => right.count - left.count || left.name.localeCompare(right.name));
  return empty > 0 ? [...found, { name: "", count: empty }] : found;
}

/** Months with a bar each; those without tasks between others too. */
export const MONTHS_MAX = 18;

/** By the month they were made in, `YYYY-MM`, the last so many. */
export function byMonth(tasks: readonly RegisterTask[]): Counted[] {
  const counts = new Map<string, number>();
  for (const { create_date } of tasks) {
    const month = create_date?.slice(0, 7);
    if (month && /^\d{4}-\d{2}$/.test(month)) counts.set(month, (counts.get(month) ?? 0) + 1);
  }
  const known = [...counts.keys()].sort();
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return [];
  const months: Counted[] = [];
  const [year = 0, number = 1] = first.split("-").map(Number);
  for (let at = year * 12 + number - 1; ; at += 1) {
    const month = `${String(Math.floor(at / 12)).padStart(4, "0")}-${String((at % 12) + 1).padStart(2, "0")}`;
    months.push({ name: month, count: counts.get(month) ?? 0 });
    if (month >= last) break;
  }
  return months.slice(-MONTHS_MAX);
}

export interface StepTime {
  name: string;
  decisions: number;
  /** Seconds. */
  average: number;
  longest: number;
}

/** What everybody together took at each step, of sums by step and person. */
export function timesOf(
  sums: readonly {
    step: number;
    step_name: string;
    decisions: number;
    seconds: number;
    longest_seconds: number;
  }[],
  steps: Record<string, string>,
): StepTime[] {
  const byStep = new Map<number, { name: string; decisions: number; seconds: number; longest: number }>();
  for (const sum of sums) {
    const held = byStep.get(sum.step) ?? {
      name: steps[String(sum.step)] ?? sum.step_name,
      decisions: 0,
      seconds: 0,
      longest: 0,
    };
    held.decisions += sum.decisions;
    held.seconds += sum.seconds;
    held.longest = Math.max(held.longest, sum.longest_seconds);
    byStep.set(sum.step, held);
  }
  return [...byStep]
    .sort(([left], [right]) => left - right)
    .map(([, { name, decisions, seconds, longest }]) => ({
      name,
      decisions,
      average: decisions > 0 ? Math.round(seconds / decisions) : 0,
      longest,
    }));
}
