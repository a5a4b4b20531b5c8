import type { Messages } from "../en";
import { pluralIn } from "../plural";

const plural = pluralIn("ru");

export const problems: Messages["problems"] = {
  unreachable: "Сервер недоступен. Проверьте сеть; попытка повторится сама.",
  slow: "Сервер занят. Повторите через мгновение.",
  tooMany: (seconds) =>
    `Слишком много попыток. Повторите через ${
      seconds < 90
        ? plural(seconds, { one: "# секунду", few: "# секунды", many: "# секунд", other: "# секунды" })
        : plural(Math.ceil(seconds / 60), {
            one: "# минуту",
            few: "# минуты",
            many: "# минут",
            other: "# минуты",
          })
    }.`,
  denied: "Вам это не разрешено.",
  gone: "Этого больше нет, или вам это не показывают.",
  conflict: "Кто-то изменил это раньше вас. Посмотрите ещё раз и повторите.",
  tooLarge: "Это слишком велико для сервера.",
  unknown: "Что-то пошло не так.",
  code: (code) => `Код: ${code}`,
};
