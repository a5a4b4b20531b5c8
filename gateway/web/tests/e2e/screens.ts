// Every screen of the app, and how it is reached: walked through by what looks for stumbling blocks and by what takes pictures.

import type { Page } from "@playwright/test";
import type { Somebody } from "./world";

export interface Shown {
  name: string;
  /** Where it is; may make what it shows. */
  path: string | ((who: Somebody) => Promise<string>);
  /** What is done before it is looked at. */
  before?: (page: Page) => Promise<void>;
}

interface Listed {
  tasks?: { id: number; text?: string }[];
  forms?: { id: number }[];
  lists?: { id: number; children?: { id: number }[] }[];
  catalogs?: { catalog_id: number }[];
}

const someTask = async (who: Somebody) => {
  const { tasks } = await who.api<Listed>("GET", "/v4/forms/1/register?item_count=1&include_archived=true");
  return tasks?.[0]?.id ?? 0;
};

export const SCREENS: Shown[] = [
  { name: "inbox", path: "/inbox" },
  { name: "inbox-task", path: async (who) => `/inbox/${await someTask(who)}` },
  { name: "task", path: async (who) => `/tasks/${await someTask(who)}` },
  {
    name: "palette",
    path: "/inbox",
    before: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").waitFor();
    },
  },
  {
    name: "outbox",
    path: "/inbox",
    before: async (page) => {
      const status = page.getByRole("button", { name: /^Connected/ });
      if (await status.isVisible()) await status.click();
    },
  },
];
