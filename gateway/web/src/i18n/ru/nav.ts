import type { Messages } from "../en";
import { pluralIn } from "../plural";

const plural = pluralIn("ru");

const apart = (minutes: number) =>
  minutes < 120
    ? plural(minutes, { one: "# минуту", few: "# минуты", many: "# минут", other: "# минуты" })
    : minutes < 2_880
      ? plural(Math.round(minutes / 60), { one: "# час", few: "# часа", many: "# часов", other: "# часа" })
      : plural(Math.round(minutes / 1_440), { one: "# день", few: "# дня", many: "# дней", other: "# дня" });

export const nav: Messages["nav"] = {
  administration: "Управление",
  announcements: "Объявления",
  calendar: "Календарь",
  forms: "Формы",
  inbox: "Входящие",
  knowledgeBase: "База знаний",
  lists: "Списки",
  main: "Главное",
  menu: "Меню",
  newTask: "Новая задача",
  newShort: "Создать",
  people: "Люди",
  profile: "Профиль и настройки",
  search: "Поиск",
  signOut: "Выйти",
  skip: "К содержанию",
  theme: "Тема",
  themes: { system: "Как в системе", light: "Светлая", dark: "Тёмная" },
  language: "Язык",
  live: "На связи",
  connecting: "Подключение",
  offline: "Нет связи",
  offlineHint:
    "Открытое ранее можно читать. Написанное сохранится и уйдёт, как только сервер станет доступен.",
  queued: (count) =>
    plural(count, {
      one: "# изменение ждёт отправки",
      few: "# изменения ждут отправки",
      many: "# изменений ждут отправки",
      other: "# изменения ждут отправки",
    }),
  refused: (count) =>
    plural(count, {
      one: "# изменение отклонено",
      few: "# изменения отклонены",
      many: "# изменений отклонено",
      other: "# изменения отклонено",
    }),
  outbox: "Ещё не отправлено",
  outboxEmpty: "Всё отправлено.",
  outboxSend: "Отправить сейчас",
  discard: "Не отправлять",
  discardSure: "Написанное будет потеряно.",
  notKept: "Браузер ничего не сохраняет",
  notKeptHint: "Хранилище заполнено или запрещено. Не закрывайте вкладку, пока всё не отправлено.",
  clockWrong: (minutes) =>
    `Часы этого устройства ${minutes > 0 ? "спешат" : "отстают"} на ${apart(Math.abs(minutes))}.`,
  clockWrongHint:
    "Пока они не переведены, сроки и время событий могут показываться неверно. Ничего не потеряется.",
  update: "Вышла новая версия",
  updateNow: "Обновить",
  updateHint: "Написанное сохранится.",
  notFound: "Здесь ничего нет",
  notFoundHint: "Адрес написан с ошибкой, или вам это не показывают.",
  notLoaded: "Этой части ещё нет на устройстве",
  notLoadedHint: "Она загрузится, как только сервер станет доступен. Написанное сохранено.",
  toInbox: "Во входящие",
  crashed: "Эта часть сломалась",
  crashedHint: "Написанное сохранено. Обновите страницу, а если повторится, сообщите администратору сервера.",
};
