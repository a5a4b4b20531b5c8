import type { Messages } from "../en";
import { pluralIn } from "../plural";

const plural = pluralIn("ru");

export const announcements: Messages["announcements"] = {
  title: "Объявления",
  one: "Объявление",
  empty: "Пока ничего не объявляли",
  emptyHint: "Здесь рассказывают то, что касается всех: новости, даты, благодарности.",
  placeholder: "Рассказать всем…",
  announce: "Объявить",
  comment: "Написать комментарий",
  comments: "Комментарии",
  said: (count) =>
    plural(count, {
      one: "# комментарий",
      few: "# комментария",
      many: "# комментариев",
      other: "# комментария",
    }),
  edited: "изменено",
  close: "Закрыть для комментариев",
  reopen: "Открыть для комментариев",
  closed: "Закрыто",
  closedHint: "Комментарии здесь больше не принимаются.",
  deleteSure: "Удалить это объявление?",
  deleteHint: "Вместе с ним для всех удалятся комментарии.",
  takeBackSure: "Удалить этот комментарий?",
};
