// What a task's menu asks, each dialog to its end: it begins where one goes on, says what happened in the feed, and gives the focus back.

import type { Page } from "@playwright/test";
import { expect, feed, test } from "./world";

const more = (page: Page) => page.getByRole("button", { name: "More", exact: true }).first();

/** Opens one of the dialogs behind the menu. */
async function ask(page: Page, what: string | RegExp) {
  await more(page).click();
  await page.getByRole("menuitem", { name: what }).click();
  return page.getByRole("dialog");
}

test("people, a due date, lists and a name are changed by keys alone, and the focus comes back each time", async ({
  world: { hannah, tom, lucas },
}) => {
  const task = await hannah.task("Check the delivery", { participants: [{ id: tom.id }] });
  const page = await hannah.at(`/tasks/${task}`);

  let dialog = await ask(page, "Participants");
  await expect(dialog.getByRole("combobox")).toBeFocused();
  await page.keyboard.type(lucas.name.slice(0, 5));
  // The first one that was found is marked, a moment after it is there.
  await page.locator("[role=option][data-active-item]", { hasText: lucas.name }).waitFor();
  await page.keyboard.press("Enter");
  // The list of people is gone: what saves can be reached.
  await expect(page.getByRole("option")).toHaveCount(0);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(feed(page).getByText(lucas.name)).toBeVisible();
  await expect(more(page)).toBeFocused();

  dialog = await ask(page, /^Due date/);
  await dialog.getByRole("checkbox", { name: "At a certain time" }).check();
  await dialog.locator("input[type=datetime-local]").fill("2027-03-04T15:30");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(feed(page).getByText(/March 4, 2027 at 3:30/)).toBeVisible();
  await expect(more(page)).toBeFocused();

  dialog = await ask(page, /^Lists/);
  await expect(dialog.getByRole("checkbox").first()).toBeFocused();
  await page.keyboard.press("Space");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(more(page)).toBeFocused();

  dialog = await ask(page, "Rename");
  const name = dialog.getByRole("textbox");
  await expect(name).toHaveValue("Check the delivery");
  await name.fill("Check the second delivery");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Check the second delivery" })).toBeVisible();
  await expect(more(page)).toBeFocused();

  dialog = await ask(page, "Who can see this");
  await expect(dialog.getByText(lucas.name)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(more(page)).toBeFocused();
  const seen = await hannah.api<{ task: { subject?: string; due?: string } }>("GET", `/v4/tasks/${task}`);
  expect(seen.task).toMatchObject({
    subject: "Check the second delivery",
    due: expect.stringContaining("2027-03-04"),
  });
});

test("a list that is made has its colour, in the dialog and in the tree", async ({ world: { hannah } }) => {
  const page = await hannah.at("/lists");
  await page.getByRole("button", { name: "New list" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(dialog.getByText("Fill this in")).toBeVisible();
  await dialog.getByLabel("Name").fill("Things in red");
  const red = dialog.getByRole("radio", { name: "Red" });
  const color = (of: Element) => getComputedStyle(of.parentElement ?? of).color;
  expect(await red.evaluate(color)).not.toBe(
    await dialog.getByRole("radio", { name: "Blue" }).evaluate(color),
  );
  await red.check();
  await dialog.getByRole("button", { name: "Add" }).click();
  await expect(page).toHaveURL(/\/lists\/\d+$/);
  await expect(page.getByRole("heading", { name: "Things in red" })).toBeVisible();
});
