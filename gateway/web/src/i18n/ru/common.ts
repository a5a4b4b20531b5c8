import type { Messages } from "../en";
import { pluralIn } from "../plural";

const plural = pluralIn("ru");

export const common: Messages["common"] = {
  add: "Добавить",
  all: "Все",
  back: "Назад",
  cancel: "Отмена",
  close: "Закрыть",
  copied: "Скопировано",
  copy: "Копировать",
  delete: "Удалить",
  done: "Готово",
  edit: "Изменить",
  justNow: "только что",
  loading: "Загрузка",
  loadMore: "Показать ещё",
  more: "Ещё",
  name: "Название",
  no: "Нет",
  nobodyFound: "Никого с таким именем",
  none: "Нет",
  open: "Открыть",
  remove: "Убрать",
  save: "Сохранить",
  search: "Поиск",
  somebody: "Кто-то",
  tryAgain: "Повторить",
  undo: "Отменить",
  yes: "Да",
  hours: (count) => plural(count, { other: "# ч" }),
  minutes: (count) => plural(count, { other: "# мин" }),
  tasks: (count) => plural(count, { one: "# задача", few: "# задачи", many: "# задач", other: "# задачи" }),
  people: (count) =>
    plural(count, { one: "# человек", few: "# человека", many: "# человек", other: "# человека" }),
};
