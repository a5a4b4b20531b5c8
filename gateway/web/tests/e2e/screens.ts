// Every screen of the app, and how it is reached: walked through by what looks for stumbling blocks and by what takes pictures.

import { expect, type Page } from "@playwright/test";
import type { Somebody } from "./world";

export interface Shown {
  name: string;
  /** Where it is; may make what it shows. */
  path: string | ((who: Somebody) => Promise<string>);
  /** What is done before it is looked at. */
  before?: (page: Page) => Promise<void>;
}

const someTask = (who: Somebody) =>
  first(who, "/v4/forms/1/register?item_count=1&include_archived=true", "tasks");

/** The first of what an answer lists, by its id. */
const first = async (who: Somebody, path: string, list: string, id = "id") => {
  const answer = await who.api<Record<string, Record<string, number>[] | undefined>>("GET", path);
  return answer[list]?.[0]?.[id] ?? 0;
};

/** One with tasks, inside of another. */
const someList = async (who: Somebody) => {
  const { lists } = await who.api<{ lists: { children?: { id: number }[] }[] }>("GET", "/v4/lists");
  for (const { id } of lists.flatMap(({ children }) => children ?? []))
    if ((await first(who, `/v4/lists/${id}/tasks?item_count=1`, "tasks")) > 0) return id;
  return 0;
};

const someArticle = async (who: Somebody) => {
  const { items } = await who.api<{ items: { id: string; children?: { id: string }[] }[] }>(
    "GET",
    "/v4/knowledgebase/structure",
  );
  return items[0]?.children?.[0]?.id ?? items[0]?.id ?? "";
};

const press =
  (name: RegExp | string, role: "button" | "link" = "button") =>
  async (page: Page) => {
    await page.getByRole(role, { name }).first().click();
  };

/** What opens a dialog is done once it is there: how it is drawn is loaded when it is first opened. */
const dialog = (open: (page: Page) => Promise<void>) => async (page: Page) => {
  await open(page);
  await page.getByRole("dialog").first().waitFor();
};
const WIDE = 600;

/** What a key opens: the same key where a menu would be under a thumb. */
const keyed =
  (...keys: string[]) =>
  async (page: Page) => {
    for (const key of keys) await page.keyboard.press(key);
  };

/** What is asked of a task, by the key of each. */
const ASKED: Record<string, string> = {
  snooze: "s",
  remind: "m",
  due: "d",
  schedule: "Shift+S",
  lists: "l",
  subscribers: "Shift+P",
  access: "i",
};

export const SCREENS: Shown[] = [
  { name: "inbox", path: "/inbox" },
  { name: "inbox-task", path: async (who) => `/inbox/${await someTask(who)}` },
  {
    name: "inbox-notifications",
    path: "/inbox",
    before: press(/^(Notifications|Уведомления)/),
  },
  { name: "task", path: async (who) => `/tasks/${await someTask(who)}` },
  {
    name: "task-history",
    path: async (who) => `/tasks/${await someTask(who)}`,
    before: async (page) => {
      await page.keyboard.press("h");
      await page.getByRole("slider").waitFor();
      await page.keyboard.press("ArrowLeft");
    },
  },
  ...Object.entries(ASKED).map(([name, key]) => ({
    name: `task-${name}`,
    path: async (who: Somebody) => `/tasks/${await someTask(who)}`,
    before: dialog(keyed(key)),
  })),
  {
    name: "palette",
    path: "/inbox",
    before: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").first().waitFor();
    },
  },
  {
    name: "outbox",
    path: "/inbox",
    // A phone has no room for the button.
    before: async (page) => {
      if ((page.viewportSize()?.width ?? 0) > WIDE) await dialog(press(/^Connected/))(page);
    },
  },
  { name: "new", path: "/new" },
  { name: "new-of-form", path: "/new/1" },
  { name: "new-of-form-refused", path: "/new/1", before: press(/^(Create|Создать)$/) },
  { name: "forms", path: "/forms" },
  { name: "register", path: "/forms/1" },
  { name: "register-task", path: async (who) => `/forms/1/${await someTask(who)}` },
  {
    name: "register-marked",
    path: "/forms/1",
    before: async (page) => {
      const one = page.getByRole("checkbox").nth(1);
      if ((page.viewportSize()?.width ?? 0) > WIDE) await page.getByRole("grid").focus();
      else await one.focus();
      await page.keyboard.press("Space");
      await expect(one).toBeChecked();
    },
  },
  { name: "register-board", path: "/forms/1", before: keyed("v", "2") },
  { name: "register-chart", path: "/forms/1", before: keyed("v", "3") },
  { name: "lists", path: "/lists" },
  { name: "list-parent", path: async (who) => `/lists/${await first(who, "/v4/lists", "lists")}` },
  { name: "list", path: async (who) => `/lists/${await someList(who)}` },
  { name: "list-board", path: async (who) => `/lists/${await someList(who)}?view=board` },
  { name: "list-make", path: "/lists", before: dialog(press(/^(New list|Новый список)$/)) },
  { name: "calendar", path: "/calendar?all=yes" },
  { name: "calendar-week", path: "/calendar?all=yes&view=week" },
  { name: "calendar-agenda", path: "/calendar?all=yes&view=agenda" },
  { name: "keys", path: "/calendar", before: dialog((page) => page.keyboard.press("Shift+?")) },
  { name: "search-empty", path: "/search" },
  { name: "search", path: "/search?q=offer" },
  { name: "search-nothing", path: "/search?q=zzzzqqqq" },
  { name: "people", path: "/people" },
  { name: "person", path: async (who) => `/people/${who.id}` },
  { name: "departments", path: "/people/chart" },
  { name: "roles", path: "/people/roles" },
  {
    name: "person-then",
    path: async (who) => `/people/${who.id}`,
    before: press(/^(Roles and rights on another day|Роли и права в другой день)$/),
  },
  { name: "announcements", path: "/announcements" },
  {
    name: "announcement",
    path: async (who) => `/announcements/${await first(who, "/v4/announcements", "announcements")}`,
  },
  { name: "knowledge-base", path: "/knowledge-base" },
  { name: "article", path: async (who) => `/knowledge-base/${await someArticle(who)}` },
  { name: "article-edit", path: async (who) => `/knowledge-base/${await someArticle(who)}?edit` },
  { name: "profile", path: "/profile" },
  ...["security", "devices", "notifications", "follows", "absence", "storage"].map((section) => ({
    name: `profile-${section}`,
    path: `/profile/${section}`,
  })),
  { name: "administration", path: "/administration" },
  ...[
    "members",
    "roles",
    "departments",
    "invitations",
    "bots",
    "awards",
    "history",
    "organization",
    "nodes",
    "forms",
    "catalogs",
  ].map((section) => ({
    name: `administration-${section}`,
    path: `/administration/${section}`,
  })),
  ...["catalogs", "forms", "bots", "roles", "departments", "members"].map((section) => ({
    name: `administration-${section}-new`,
    path: `/administration/${section}`,
    before: dialog(keyed("n")),
  })),
  { name: "designer", path: "/administration/forms/1" },
  ...["route", "try", "what_if", "versions", "access", "print"].map((part) => ({
    name: `designer-${part}`,
    path: `/administration/forms/1/${part}`,
  })),
  {
    name: "catalog",
    path: async (who) =>
      `/administration/catalogs/${await first(who, "/v4/catalogs", "catalogs", "catalog_id")}`,
  },
  {
    name: "catalog-import",
    path: async (who) =>
      `/administration/catalogs/${await first(who, "/v4/catalogs", "catalogs", "catalog_id")}`,
    before: dialog(keyed("i")),
  },
  { name: "qr", path: "/qr" },
  { name: "nothing-here", path: "/no/such/place" },
];

/** What is seen before anybody has signed in. */
export const DOORS: Shown[] = [
  { name: "sign-in", path: "/" },
  { name: "sign-in-forgot", path: "/", before: press(/^(Forgot the password\?|Забыли пароль\?)$/) },
  { name: "sign-in-phone", path: "/", before: press(/^(Use a phone|Телефон)$/) },
  { name: "password-reset", path: "/password_reset#token=abc" },
  { name: "invitation", path: "/invitation#token=abc" },
  { name: "set-up", path: "/set_up#token=abc" },
];
