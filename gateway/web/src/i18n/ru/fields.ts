import type { Messages } from "../en";
import { pluralIn } from "../plural";

const plural = pluralIn("ru");

export const fields: Messages["fields"] = {
  empty: "Не заполнено",
  checked: "Да",
  unchecked: "Нет",
  flag: { none: "Не указано", checked: "Да", unchecked: "Нет" },
  open: "Открыта",
  closed: "Закрыта",
  step: (number) => `Этап ${number}`,
  rows: (count) => plural(count, { one: "# строка", few: "# строки", many: "# строк", other: "# строки" }),
  files: (count) => plural(count, { one: "# файл", few: "# файла", many: "# файлов", other: "# файла" }),
  task: (id) => `Задача ${id}`,
  showAll: "Показать целиком",
  unreadable: "Это значение здесь не показать.",
  row: (number) => `Строка ${number}`,
  addRow: "Добавить строку",
  removeRow: (number) => `Удалить строку ${number}`,
  moveUp: (number) => `Поднять строку ${number}`,
  moveDown: (number) => `Опустить строку ${number}`,
  noRows: "Строк пока нет.",
  choose: "Выберите",
  nothingFound: "Ничего не найдено",
  searchItems: "Начните вводить",
  searchTasks: "Введите слово из задачи",
  computed: "Вычисляется по другим полям",
  duration: "Длительность, минут",
  clear: "Очистить",
  none: "Нет",
  section: "Заполнить этот раздел",
  person: "Сотрудник",
  wrong: {
    required: "Заполните это поле",
    requiredMark: "Без отметки не продолжить",
    number: "Это не число. Пишите цифры, например 1200,50",
    digits: "Не больше 28 цифр",
    decimalPlaces: (places) =>
      places === 0
        ? "Нужно целое число"
        : plural(places, {
            one: "Не больше # знака после точки",
            few: "Не больше # знаков после точки",
            many: "Не больше # знаков после точки",
            other: "Не больше # знака после точки",
          }),
    email: "Это не адрес электронной почты",
    date: "Такого дня нет",
    time: "Такого времени нет",
    tooShort: (least) =>
      plural(least, {
        one: "Не меньше # символа",
        many: "Не меньше # символов",
        other: "Не меньше # символов",
      }),
    tooLong: (most) =>
      plural(most, {
        one: "Не больше # символа",
        few: "Не больше # символов",
        many: "Не больше # символов",
        other: "Не больше # символа",
      }),
    control: "Здесь есть символ, который нельзя сохранить: наберите текст вместо вставки",
    several: "Можно выбрать только одно",
    choice: "Такого варианта больше нет",
    rows: (most) =>
      plural(most, {
        one: "Не больше # строки",
        few: "Не больше # строк",
        many: "Не больше # строк",
        other: "Не больше # строки",
      }),
    files: (most) =>
      plural(most, {
        one: "Не больше # файла",
        few: "Не больше # файлов",
        many: "Не больше # файлов",
        other: "Не больше # файла",
      }),
    duration: "Целое число минут, не больше года",
    cells: (rows) => `Проверьте: ${rows}`,
  },
};
