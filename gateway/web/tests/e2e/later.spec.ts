// What is put off: by one person for themselves, by a reminder, and for everybody. It goes, says until when, and comes back by itself.

import type { Page } from "@playwright/test";
import { expect, feed, type Somebody, test, url } from "./world";

const row = (page: Page, task: number) => page.locator(`a[href="/inbox/${task}"]`);
/** A moment that comes while one looks. */
const soon = () => `${new Date(Date.now() + 2_500).toISOString().slice(0, 19)}Z`;

/** Chooses from the task's menu. */
async function choose(page: Page, what: string | RegExp) {
  await page.getByRole("button", { name: "More", exact: true }).first().click();
  await page.getByRole("menuitem", { name: what }).click();
  return page.getByRole("dialog");
}

/** Waits for the server's answer to what is pressed. */
async function taken(page: Page, path: string, press: () => Promise<void>): Promise<void> {
  const answer = page.waitForResponse((other) => new URL(other.url()).pathname === path);
  await press();
  expect((await answer).ok()).toBe(true);
}

const give = (who: Somebody, to: Somebody, text: string) => who.task(text, { responsible: { id: to.id } });

test("what is snoozed is among what comes back, is taken back by hand, and comes back by itself", async ({
  world: { hannah, irene },
}) => {
  const task = await give(hannah, irene, "Paint the gate");
  const page = await irene.at(`/inbox/${task}`);
  await expect(page.getByRole("heading", { name: "Paint the gate" })).toBeVisible();
  await page.keyboard.press("s");
  const dialog = page.getByRole("dialog", { name: "Snooze" });
  await dialog.getByRole("button", { name: /^Tomorrow/ }).click();
  await expect(row(page, task)).toHaveCount(0);
  // Held back for a moment, in which it can be undone.
  await page.getByRole("button", { name: "Undo" }).waitFor();
  await page.keyboard.press("Control+z");
  await expect(row(page, task)).toBeVisible();
  await page.keyboard.press("s");
  await taken(page, `/v4/inbox/${task}/snooze`, () =>
    dialog.getByRole("button", { name: /^Tomorrow/ }).click(),
  );
  await page.getByRole("button", { name: "Snoozed", exact: true }).click();
  await expect(row(page, task)).toContainText(/Back \S/);
  await taken(page, `/v4/inbox/${task}/unsnooze`, () =>
    page
      .getByRole("listitem")
      .filter({ has: row(page, task) })
      .getByRole("button", { name: "Back into the inbox now" })
      .click(),
  );
  await expect(row(page, task)).toHaveCount(0);
  await page.getByRole("button", { name: "Snoozed", exact: true }).click();
  await expect(row(page, task)).toBeVisible();

  await irene.api("POST", `/v4/inbox/${task}/snooze`, { until: soon() });
  await expect(row(page, task)).toHaveCount(0);
  await expect(row(page, task)).toBeVisible();
});

test("one is reminded at the moment that was set, and of nothing that was taken back", async ({
  world: { hannah, irene },
}) => {
  const task = await hannah.task("Ask the smith", { participants: [{ id: irene.id }] });
  const page = await hannah.at(`/tasks/${task}`);
  let dialog = await choose(page, "Remind me");
  await taken(page, `/v4/inbox/${task}/remind`, () =>
    dialog.getByRole("button", { name: /^Tomorrow/ }).click(),
  );
  await expect(page.getByText(/^You will be reminded/)).toBeVisible();
  dialog = await choose(page, "Remind me");
  await taken(page, `/v4/inbox/${task}/remind`, () =>
    dialog.getByRole("button", { name: "No reminder" }).click(),
  );
  await page.goto(`${url}/inbox`);
  await page.getByRole("button", { name: /^Notifications/ }).click();
  await hannah.api("POST", `/v4/inbox/${task}/remind`, { at: soon() });
  const told = page.locator(`a[href^="/inbox/${task}#"]`);
  await expect(told).toHaveCount(1);
  await expect(told).toContainText("You wanted to be reminded");
  await page.getByRole("button", { name: /^Notifications/ }).click();
  await expect(row(page, task)).toContainText("Reminder");
  await page.getByRole("button", { name: /^Notifications/ }).click();
  await told.click();
  await expect(page.getByRole("heading", { name: "Ask the smith" })).toBeVisible();
});

test("what is put off for everybody says until when, and is back at once when that is taken back", async ({
  world: { hannah, irene },
}) => {
  const task = await give(hannah, irene, "Order the hinges");
  const other = await irene.at("/inbox");
  await expect(row(other, task)).toBeVisible();
  const page = await hannah.at(`/tasks/${task}`);
  let dialog = await choose(page, "Put off for everybody");
  await dialog.getByLabel("Or pick a moment").fill("2027-03-01T08:00");
  await taken(page, `/v4/tasks/${task}/comments`, () => dialog.getByRole("button", { name: "Done" }).click());
  await expect(feed(page).getByText(/^Comes back March 1, 2027 at 8:00/)).toBeVisible();
  await expect(page.getByRole("article").getByRole("complementary")).toContainText("March 1, 2027");
  await expect(row(other, task)).toHaveCount(0);
  dialog = await choose(page, "Put off for everybody");
  await taken(page, `/v4/tasks/${task}/comments`, () =>
    dialog.getByRole("button", { name: "Bring it back now" }).click(),
  );
  await expect(feed(page).getByText("Back at once")).toBeVisible();
  await expect(row(other, task)).toBeVisible();

  await hannah.api("POST", `/v4/tasks/${task}/comments`, { scheduled_datetime_utc: soon() });
  await expect(row(other, task)).toHaveCount(0);
  await expect(row(other, task)).toBeVisible();
});
