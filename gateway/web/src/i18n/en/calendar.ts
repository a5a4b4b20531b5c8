import { pluralIn } from "../plural";

const plural = pluralIn("en");

export const calendar = {
  title: "Calendar",
  view: "View",
  views: { month: "Month", week: "Week", agenda: "Agenda" },
  whose: "Whose tasks",
  mine: "Mine",
  all: "All I see",
  today: "Today",
  before: "Earlier",
  after: "Later",
  make: "New task",
  makeOn: (day: string) => `New task, due ${day}`,
  what: "What is to be done",
  whatMissing: "Say what is to be done",
  overdue: "Overdue",
  late: (count: number) => plural(count, { one: "# overdue", other: "# overdue" }),
  scheduled: "Comes back to the inbox",
  moved: (day: string) => `Moved to ${day}`,
  moveHint: "Drag to another day, or Alt with an arrow key",
  dayName: (day: string, count: number) =>
    `${day}, ${plural(count, { one: "# task", other: "# tasks" })}. Enter writes a new one`,
  dayShort: (day: string, count: number) => `${day}, ${plural(count, { one: "# task", other: "# tasks" })}`,
  more: "There is more than fits: the busiest weeks are not shown whole.",
  moreHere: (count: number) => `+${count}`,
  nothingDue: "Nothing is due on this day.",
  empty: "Nothing is due",
  emptyHint: "Tasks with a due date stand here, and those that you have put off until a day.",
};
