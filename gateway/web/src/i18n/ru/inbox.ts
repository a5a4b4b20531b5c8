import type { Messages } from "../en";
import { pluralIn } from "../plural";

const plural = pluralIn("ru");

export const inbox: Messages["inbox"] = {
  title: "Входящие",
  empty: "Вас ничего не ждёт",
  emptyHint:
    "Задачи приходят сюда, когда нужен ваш ответ: согласование, упоминание, поручение, комментарий там, за чем вы следите.",
  unread: (count) =>
    plural(count, {
      one: "# непрочитанная",
      few: "# непрочитанные",
      many: "# непрочитанных",
      other: "# непрочитанных",
    }),
  other: "Задачи",
  snoozed: "Отложенные",
  pick: "Выберите задачу слева или нажмите J.",
  overdue: "Просрочено",
  due: (day) => `Срок: ${day}`,
  waiting: "Отправляется",
};
