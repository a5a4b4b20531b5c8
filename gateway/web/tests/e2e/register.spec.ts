// A dispatcher in a register: a task of a form is made, found, changed in its cell and moved on, and others' changes come in by
// themselves.

import { stumblingBlocks } from "./axe";
import { OFFER, PHOTO } from "./paper";
import { expect, type Somebody, test } from "./world";

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

test("the cell that has the keys is never below what stays where it is", async ({ world: { hannah } }) => {
  const columns = Array.from({ length: 12 }, (_, at) => at + 1);
  const { id: form } = await hannah.api<{ id: number }>("POST", "/v4/forms", {
    name: "Long and wide",
    definition: {
      fields: columns.map((id) => ({ id, name: `Column ${id}`, type: "text", in_title: id === 1 })),
      steps: [{ name: "Ask", approvers: [{ who: "author" }], rule: "everyone" }],
    },
  });
  for (let row = 0; row < 40; row += 1)
    await hannah.task("", { form_id: form, fields: columns.map((id) => ({ id, value: `${row}, ${id}` })) });
  const page = await hannah.at(`/forms/${form}`);
  const grid = page.getByRole("grid");
  await grid.getByRole("row").nth(2).waitFor();
  await grid.focus();
  /** Which row and column it is, once all four of its corners can be pressed. */
  const cell = () =>
    grid.evaluate((grid) => {
      const cell = document.getElementById(grid.getAttribute("aria-activedescendant") ?? "");
      if (!cell) return "not drawn";
      const { left, right, top, bottom } = cell.getBoundingClientRect();
      const corners = [left + 3, right - 3].flatMap((x) => [top + 3, bottom - 3].map((y) => [x, y] as const));
      const hidden = corners.some(([x, y]) => !cell.contains(document.elementFromPoint(x, y)));
      const row = cell.closest("[role=row]")?.getAttribute("aria-rowindex");
      return hidden ? "hidden" : `${row}/${cell.getAttribute("aria-colindex")}`;
    });
  const press = async (key: string, times = 1) => {
    for (let time = 0; time < times; time += 1) await page.keyboard.press(key);
  };
  await press("ArrowDown", 30);
  await expect.poll(cell).toBe("32/2");
  // What can be done with those that are marked lies over the end of the table.
  await press("Space");
  await press("ArrowDown", 4);
  await expect.poll(cell).toBe("36/2");
  await press("ArrowRight", 9);
  await expect.poll(cell).toBe("36/11");
  await press("ArrowLeft", 7);
  await expect.poll(cell).toBe("36/4");
  await press("ArrowUp", 25);
  await expect.poll(cell).toBe("11/4");
  await press("Control+End");
  await expect.poll(cell).toMatch(/^41\//);
});

test("files of a cell are added and left out where they stand, and those that are there stay", async ({
  world: { hannah },
}) => {
  const { form, tasks } = await repairs(hannah, ["The van's tyre"]);
  const page = await hannah.at(`/forms/${form}`);
  const cell = page.getByRole("row").filter({ hasText: "The van's tyre" }).locator("[aria-colindex='5']");
  await cell.dblclick();
  const editor = page.getByRole("dialog", { name: "Change: Offer" });
  await editor.locator("input[type=file]").setInputFiles(OFFER);
  await expect(editor.getByRole("button", { name: "Remove offer.pdf" })).toBeVisible();
  expect(await stumblingBlocks(page)).toEqual([]);
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(cell.getByRole("link", { name: "Download offer.pdf" })).toBeVisible();
  expect(await offers(hannah, tasks)).toEqual([["offer.pdf"]]);

  // The focus is back in the table: the same cell by keys.
  await page.keyboard.press("Enter");
  await editor.locator("input[type=file]").setInputFiles(PHOTO);
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(cell.getByRole("link", { name: "Download tyre.png" })).toBeVisible();
  expect(await offers(hannah, tasks)).toEqual([["offer.pdf", "tyre.png"]]);

  await page.keyboard.press("Enter");
  await editor.getByRole("button", { name: "Remove offer.pdf" }).click();
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(cell.getByRole("link", { name: "Download offer.pdf" })).toHaveCount(0);
  await expect.poll(() => offers(hannah, tasks)).toEqual([["tyre.png"]]);
});

test("a file is put into a field of several tasks at once", async ({ world: { hannah } }) => {
  const { form, tasks } = await repairs(hannah, ["The lift", "The gate", "The lamp"]);
  const page = await hannah.at(`/forms/${form}`);
  await page.getByRole("checkbox", { name: "Choose all that are shown" }).check();
  await page.getByRole("button", { name: "Change a field" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Field").selectOption("Offer");
  await dialog.locator("input[type=file]").setInputFiles(OFFER);
  await expect(dialog.getByRole("button", { name: "Remove offer.pdf" })).toBeVisible();
  expect(await stumblingBlocks(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Change 3 tasks" }).click();
  await expect(page.getByText("3 of 3 done")).toBeVisible();
  expect(await offers(hannah, tasks)).toEqual([["offer.pdf"], ["offer.pdf"], ["offer.pdf"]]);
});

/** A form with a field of files, and a task of it for each of what is broken. */
async function repairs(who: Somebody, broken: string[]): Promise<{ form: number; tasks: number[] }> {
  const { id: form } = await who.api<{ id: number }>("POST", "/v4/forms", {
    name: `Repairs ${Date.now()}`,
    definition: {
      fields: [
        { id: 1, name: "What is broken", type: "text", in_title: true },
        { id: 2, name: "Offer", type: "file" },
      ],
      steps: [{ name: "Approval", approvers: [{ who: { person: who.id } }], rule: "everyone" }],
    },
  });
  const tasks: number[] = [];
  for (const value of broken) {
    const fields = [{ id: 1, value }];
    const made = await who.api<{ task: { id: number } }>("POST", "/v4/tasks", { form_id: form, fields });
    tasks.push(made.task.id);
  }
  return { form, tasks };
}

/** The names of the files in the offers of tasks. */
const offers = (who: Somebody, tasks: number[]): Promise<string[][]> =>
  Promise.all(
    tasks.map(async (id) => {
      const { task } = await who.api<{ task: { fields: { id: number; value?: { name: string }[] }[] } }>(
        "GET",
        `/v4/tasks/${id}`,
      );
      return (task.fields.find((field) => field.id === 2)?.value ?? []).map(({ name }) => name);
    }),
  );
