import type { Messages } from "../en";

export const administration: Messages["administration"] = {
  groups: { people: "Люди", work: "Работа", oversight: "Надзор" },
  sections: {
    members: "Сотрудники",
    invitations: "Приглашения",
    roles: "Роли",
    departments: "Подразделения",
    awards: "Награды",
    forms: "Формы",
    catalogs: "Справочники",
    bots: "Боты",
    history: "Журналы",
    nodes: "Серверы",
  },
  goTo: (section) => `Управление: ${section}`,
  closed: "Управлять вам пока нечем",
  closedHint: "Права на это даёт тот, кто управляет сотрудниками вашей организации.",
};
