// When something may come back: a few moments that people mean, none of them past. Pure.

export interface Later {
  name: "today" | "tomorrow" | "weekend" | "week" | "month";
  at: Date;
}

const MORNING = 9;

export function laterChoices(now: Date): Later[] {
  const on = (days: number, hour: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
  const choices: Later[] = [];
  // In three hours, at the full one, while that is still within the working day.
  const soon = new Date(now.getFullYear(), now.getMonth(), now.getDate(), now.getHours() + 3);
  if (soon.getDate() === now.getDate() && soon.getHours() <= 20) choices.push({ name: "today", at: soon });
  choices.push({ name: "tomorrow", at: on(1, MORNING) });
  const toSaturday = (6 - now.getDay() + 7) % 7;
  if (toSaturday >= 2) choices.push({ name: "weekend", at: on(toSaturday, MORNING) });
  const toMonday = (8 - now.getDay()) % 7 || 7;
  if (toMonday > 1) choices.push({ name: "week", at: on(toMonday, MORNING) });
  choices.push({ name: "month", at: new Date(now.getFullYear(), now.getMonth() + 1, 1, MORNING) });
  // The first of a month may be one of the days before.
  return choices.filter(
    ({ at }, index) => choices.findIndex((other) => other.at.getTime() === at.getTime()) === index,
  );
}

/** As the dialect writes moments. */
export const utc = (moment: Date): string => `${moment.toISOString().slice(0, 19)}Z`;
