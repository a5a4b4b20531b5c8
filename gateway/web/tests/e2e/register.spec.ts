// A dispatcher in a register: a task of a form is made, found, changed in its cell and moved on, and others' changes come in by
// themselves.

import { expect, test } from "./world";

test("a form is checked as it is filled in, and makes its task once", async ({ world: { hannah } }) => {
  const page = await hannah.at("/new/1");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByText("Fill this in").first()).toBeVisible();
  await page.getByRole("textbox", { name: /^What is needed/ }).fill("Shelves for the store");
  await page.getByRole("textbox", { name: /^Amount/ }).fill("1 200,50");
  await page.getByRole("radio", { name: "Equipment" }).check();
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page).toHaveURL(/\/tasks\/\d+$/);
  await expect(page.getByRole("heading", { name: /Shelves for the store/ })).toBeVisible();
});

test("a cell is changed where it stands, and another's change comes in while one looks", async ({
  world: { hannah },
}) => {
  const made = await hannah.api<{ task: { id: number } }>("POST", "/v4/tasks", {
    form_id: 1,
    fields: [
      { code: "u_what", value: "A ladder" },
      { code: "u_amount", value: "90" },
    ],
  });
  const page = await hannah.at("/forms/1");
  const row = page.getByRole("row").filter({ hasText: "A ladder" }).first();
  await row.getByRole("gridcell").filter({ hasText: "90.00" }).dblclick();
  const editor = page.getByRole("dialog");
  await editor.getByRole("textbox").fill("95.25");
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(row.getByText("95.25").first()).toBeVisible();
  await hannah.api("POST", `/v4/tasks/${made.task.id}/comments`, {
    field_updates: [{ code: "u_what", value: "A longer ladder" }],
  });
  await expect(page.getByRole("row").filter({ hasText: "A longer ladder" }).first()).toBeVisible();
});

test("rows are chosen by keys alone, and each tells what became of it", async ({ world: { hannah } }) => {
  const page = await hannah.at("/forms/1");
  const grid = page.getByRole("grid");
  await grid.getByRole("row").nth(2).waitFor();
  await grid.focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("Seen by the dispatcher");
  await page.getByRole("button", { name: "Change 2 tasks" }).click();
  await expect(page.getByText("2 of 2 done")).toBeVisible();
});
