import type { Messages } from "../en";
import { pluralIn } from "../plural";

const plural = pluralIn("ru");

export const calendar: Messages["calendar"] = {
  title: "Календарь",
  view: "Вид",
  views: { month: "Месяц", week: "Неделя", agenda: "По дням" },
  whose: "Чьи задачи",
  mine: "Мои",
  all: "Все видимые",
  today: "Сегодня",
  before: "Раньше",
  after: "Позже",
  make: "Новая задача",
  makeOn: (day) => `Новая задача, срок: ${day}`,
  what: "Что сделать",
  whatMissing: "Напишите, что нужно сделать",
  overdue: "Просрочено",
  late: (count) =>
    plural(count, { one: "# просрочена", few: "# просрочены", many: "# просрочено", other: "# просрочено" }),
  scheduled: "Вернётся во входящие",
  moved: (day) => `Новый срок: ${day}`,
  moveHint: "Перетащите на другой день или нажмите Alt со стрелкой",
  dayName: (day, count) =>
    `${day}, ${plural(count, { one: "# задача", few: "# задачи", many: "# задач", other: "# задачи" })}. Enter — новая задача`,
  dayShort: (day, count) =>
    `${day}, ${plural(count, { one: "# задача", few: "# задачи", many: "# задач", other: "# задачи" })}`,
  more: "Поместилось не всё: самые загруженные недели показаны не целиком.",
  moreHere: (count) => `+${count}`,
  nothingDue: "На этот день ничего не назначено.",
  empty: "Сроков нет",
  emptyHint: "Здесь стоят задачи со сроком и те, что вы отложили до какого-то дня.",
};
