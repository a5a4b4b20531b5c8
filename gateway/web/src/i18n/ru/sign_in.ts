import type { Messages } from "../en";

export const signIn: Messages["signIn"] = {
  title: "Вход",
  again: "Войдите снова",
  againHint: "Сеанс завершился. Всё написанное на месте.",
  other: "Вошёл кто-то другой",
  otherHint: (name) =>
    `В этом браузере вошёл другой человек. Войдите как ${name}, чтобы продолжить здесь, или обновите страницу, чтобы продолжить от его имени.`,
  login: "Эл. почта",
  password: "Пароль",
  submit: "Войти",
  passkey: "Ключ доступа",
  forgot: "Забыли пароль?",
  choose: "Кто вы здесь?",
  reload: "Обновить",
};
