// The inbox as one works through it: several tasks at once, taken back while that is possible, and what one was told of.

import type { Page } from "@playwright/test";
import { expect, PHONE, type Somebody, test } from "./world";

const row = (page: Page, task: number) => page.locator(`#content a[href="/inbox/${task}"]`);

/** Tasks in a newcomer's own inbox. */
const three = (hannah: Somebody, who: Somebody) =>
  Promise.all(["Sweep", "Dust", "Mop"].map((text) => hannah.task(text, { responsible: { id: who.id } })));

for (const [look, options] of [
  ["a desk", {}],
  ["a phone", PHONE],
] as const)
  test(`several tasks are put away and snoozed at once on ${look}, and taken back`, async ({
    world: { hannah, tom },
  }) => {
    const [sweep = 0, dust = 0, mop = 0] = await three(hannah, tom);
    const page = await tom.at("/inbox", options);
    await expect(row(page, mop)).toBeVisible();
    await page.getByRole("button", { name: "Select several" }).click();
    const bar = page.getByRole("toolbar");
    await expect(bar.getByRole("button", { name: "Put away" })).toBeDisabled();
    await page.getByRole("checkbox", { name: "Select: Sweep" }).first().check();
    await page.getByRole("checkbox", { name: "Select: Dust" }).first().check();
    await expect(bar).toContainText("2 selected");
    await bar.getByRole("button", { name: "Put away" }).click();
    await expect(row(page, sweep)).toHaveCount(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(row(page, sweep)).toBeVisible();
    await expect(row(page, dust)).toBeVisible();

    await page.getByRole("button", { name: "Select several" }).click();
    for (const text of ["Sweep", "Dust", "Mop"])
      await page
        .getByRole("checkbox", { name: `Select: ${text}` })
        .first()
        .check();
    const kept = [sweep, dust, mop].map((task) =>
      page.waitForResponse((answer) => answer.url().endsWith(`/v4/inbox/${task}/snooze`)),
    );
    await bar.getByRole("button", { name: "Snooze" }).click();
    await page
      .getByRole("dialog", { name: "Snooze" })
      .getByRole("button", { name: /^Tomorrow/ })
      .click();
    for (const answer of await Promise.all(kept)) expect(answer.ok()).toBe(true);
    await page.getByRole("button", { name: "Snoozed", exact: true }).click();
    for (const task of [sweep, dust, mop]) await expect(row(page, task)).toBeVisible();
  });

test("one is told why, reads it where it was said, and marks the rest as read", async ({
  world: { hannah, tom },
}) => {
  const [sweep = 0, dust = 0] = await three(hannah, tom);
  const page = await tom.at("/inbox");
  const bell = page.getByRole("button", { name: /^Notifications/ });
  await bell.click();
  const told = (task: number) => page.locator(`#content a[href^="/inbox/${task}#"]`);
  await expect(told(sweep)).toContainText("Unread");
  await hannah.api("POST", `/v4/tasks/${sweep}/comments`, { text: "The yard, too" });
  await expect(told(sweep).first()).toContainText("The yard, too");
  await told(sweep).first().click();
  await expect(page.getByRole("article", { name: "Sweep" }).getByText("The yard, too")).toBeVisible();
  // It has been looked at.
  await expect(told(sweep).filter({ hasText: "Unread" })).toHaveCount(0);
  await expect(told(dust)).toContainText("Unread");
  await page.getByRole("checkbox", { name: "Only unread" }).check();
  await expect(told(sweep)).toHaveCount(0);
  await expect(told(dust)).toBeVisible();
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await expect(page.getByText("Everything is read")).toBeVisible();
  await expect(bell).toHaveAccessibleName("Notifications");
});
