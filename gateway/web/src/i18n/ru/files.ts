import type { Messages } from "../en";
import { pluralIn } from "../plural";

const plural = pluralIn("ru");

export const files: Messages["files"] = {
  attach: "Прикрепить файлы",
  attached: "Файлы",
  drop: "Перетащите файлы сюда",
  remove: (name) => `Убрать ${name}`,
  download: (name) => `Скачать ${name}`,
  save: "Скачать",
  follow: "Открыть",
  nameless: "Файл без имени",
  version: (number) => `Версия ${number}`,
  newVersion: "Новая версия",
  renew: "Загрузить новую версию",
  versions: (count) =>
    plural(count, { one: "# версия", few: "# версии", many: "# версий", other: "# версии" }),
  versionsOf: (name) => `Версии файла ${name}`,
  menu: (name) => `Действия с файлом ${name}`,
  link: "Ссылка",
  size: { bytes: "Б", kilo: "КБ", mega: "МБ", giga: "ГБ" },
  waits: "Ждёт отправки",
  sending: (percent) => `Отправлено ${percent} %`,
  there: "Отправлен",
  unkept: "В браузере нет места для этого файла. Не закрывайте вкладку, пока он не отправится.",
  refusedFirst: "Сначала уберите файлы, которые не приняты.",
  empty: (name) => `Файл ${name} пуст: отправлять в нём нечего.`,
  tooLarge: (name) => `Файл ${name} слишком большой для сервера.`,
  lost: (name) =>
    `${name ? `Файла ${name}` : "Файла"} больше нет в этом браузере. Уберите его или выберите ещё раз.`,
  removed: (count) =>
    plural(count, {
      one: "# файл убран",
      few: "# файла убрано",
      many: "# файлов убрано",
      other: "# файла убрано",
    }),
  most: (count) =>
    plural(count, {
      one: "Не больше # файла",
      few: "Не больше # файлов",
      many: "Не больше # файлов",
      other: "Не больше # файла",
    }),
  of: (at, count) => `${at} из ${count}`,
  next: "Следующая картинка",
  previous: "Предыдущая картинка",
  notShown: "Эту картинку не показать. Скачайте её, чтобы посмотреть.",
};
