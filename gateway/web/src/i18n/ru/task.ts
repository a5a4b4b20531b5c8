import type { Messages } from "../en";

export const task: Messages["task"] = {
  approve: "Согласовать",
  reject: "Отклонить",
  acknowledge: "Ознакомлен",
  revoke: "Отозвать",
  finish: "Завершить",
  reopen: "Открыть снова",
  comment: "Комментарий",
  placeholder: "Напишите комментарий",
  send: "Отправить",
  queued: "Ждёт отправки",
  sending: "Отправляется",
  accepted: (position) => `Принято на ${position}`,
  refused: "Отклонено",
  closed: "Закрыта",
  writing: (names) => `${names}: пишет…`,
  here: (names) => `Сейчас здесь: ${names}`,
  comments: "Комментарии",
  fields: "Поля",
  route: "Маршрут",
};
