import type { Messages } from "../en";

export const palette: Messages["palette"] = {
  open: "Найти или сделать",
  placeholder: "Задача, человек, форма или действие…",
  actions: "Действия",
  found: "Найдено",
  recent: "Недавно открытые",
  go: "Перейти",
  everywhere: "Везде",
  here: "Здесь",
  thenPress: "затем",
  keys: "Все клавиши",
  keysHint: "Что делает клавиша, зависит от места. Пока вы печатаете, работают только сочетания с Ctrl.",
  openTask: (id) => `Открыть задачу № ${id}`,
  searchAll: (text) => `Искать везде: «${text}»`,
  nothing: "Такого нет",
};
