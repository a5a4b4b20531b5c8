import { pluralIn } from "../plural";

const plural = pluralIn("en");

export const inbox = {
  title: "Inbox",
  empty: "Nothing waits for you",
  emptyHint:
    "Tasks come here when somebody needs your answer: an approval, a mention, a task given to you, a comment in what you follow.",
  unread: (count: number) => plural(count, { one: "# unread", other: "# unread" }),
  other: "Tasks",
  snoozed: "Snoozed",
  pick: "Pick a task on the left, or press J.",
  overdue: "Overdue",
  due: (day: string) => `Due ${day}`,
  waiting: "Being sent",
};
