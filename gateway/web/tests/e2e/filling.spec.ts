// A table of a form is filled in row by row, by keys alone; a register is told which columns it has; what was is looked at again.

import { expect, test, url } from "./world";

test("rows are added, filled in and taken out by keys alone, and what is sent is what is there", async ({
  world: { hannah },
}) => {
  const { id: form } = await hannah.api<{ id: number }>("POST", "/v4/forms", {
    name: `Deliveries ${Date.now() % 1_000_000}`,
    definition: {
      fields: [
        { id: 1, name: "For whom", type: "text", in_title: true },
        {
          id: 2,
          name: "Goods",
          type: "table",
          columns: [
            { id: 3, name: "What", type: "text" },
            { id: 4, name: "Pieces", type: "number" },
          ],
        },
      ],
      steps: [{ name: "Send", approvers: [{ who: "author" }], rule: "everyone" }],
    },
  });
  const page = await hannah.at(`/new/${form}`);
  await page.getByLabel("For whom").fill("The shop");
  const table = page.getByRole("group", { name: "Goods" });
  const row = (at: number) => table.getByRole("row", { name: `Row ${at}`, exact: true });
  for (const [at, [what, pieces]] of [
    ["Ropes", "3"],
    ["Ladders", "x"],
    ["Hooks", "12"],
  ].entries()) {
    await table.getByRole("button", { name: "Add a row" }).press("Enter");
    // One goes on in the row that came.
    await expect(
      row(at + 1)
        .getByRole("textbox")
        .first(),
    ).toBeFocused();
    await page.keyboard.type(what ?? "");
    await page.keyboard.press("Tab");
    await page.keyboard.type(pieces ?? "");
  }
  await table.getByRole("button", { name: "Move row 3 up" }).press("Enter");
  await expect(row(2).getByRole("textbox").first()).toHaveValue("Hooks");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(row(3).getByRole("textbox").last()).toHaveAttribute("aria-invalid", "true");
  await table.getByRole("button", { name: "Remove row 3" }).press("Enter");
  await expect(table.getByRole("button", { name: "Remove row 2" })).toBeFocused();
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page).toHaveURL(/\/tasks\/\d+$/);
  const facts = page.getByRole("article").getByRole("complementary");
  await expect(facts.getByRole("cell", { name: "Hooks" })).toBeVisible();
  await expect(facts.getByRole("cell", { name: "Ladders" })).toHaveCount(0);

  // The register shows the columns that it is told to, and the focus stays in the list of them.
  await page.goto(`${url}/forms/${form}`);
  await expect(page.getByRole("row").filter({ hasText: "The shop" })).toBeVisible();
  await page.getByRole("button", { name: "Columns" }).click();
  const columns = page.getByRole("dialog", { name: "Columns" });
  const whom = columns.getByRole("checkbox", { name: "For whom" });
  await whom.focus();
  await page.keyboard.press("Space");
  await expect(page.getByRole("columnheader", { name: /^For whom/ })).toHaveCount(0);
  await expect(whom).toBeFocused();
  await page.keyboard.press("Space");
  await expect(page.getByRole("columnheader", { name: /^For whom/ })).toHaveCount(1);
  await columns.getByRole("checkbox", { name: "Author" }).check();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("columnheader", { name: /^Author/ })).toBeVisible();
});

test("a task is gone back through stop by stop, and is as it was at each", async ({
  world: { hannah, irene },
}) => {
  const id = await hannah.task("Clear the shed", { participants: [{ id: irene.id }] });
  await irene.api("POST", `/v4/tasks/${id}/comments`, { text: "It is full" });
  await hannah.api("POST", `/v4/tasks/${id}/comments`, { subject: "Clear the shed and the yard" });
  await hannah.api("POST", `/v4/tasks/${id}/comments`, { action: "finished", text: "Done with it" });
  const page = await hannah.at(`/tasks/${id}`);
  await expect(page.getByText("Closed").first()).toBeVisible();
  await page.keyboard.press("h");
  const history = page.getByRole("region", { name: "History" });
  await expect(history.getByRole("slider")).toHaveAttribute("aria-valuetext", new RegExp(hannah.name));
  await history.getByRole("slider").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Clear the shed and the yard");
  await expect(page.getByText("Done with it")).toHaveCount(0);
  await page.keyboard.press("ArrowLeft");
  await expect(history).toContainText(irene.name);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Clear the shed");
  await page.keyboard.press("Home");
  await expect(history).toContainText("created the task");
  await expect(page.getByText("It is full")).toHaveCount(0);
  await history.getByRole("button", { name: "Back to now" }).click();
  await expect(page.getByText("Done with it")).toBeVisible();
});

test("somebody's roles and department are looked at as they were on another day", async ({
  world: { hannah, lucas },
}) => {
  const page = await hannah.at(`/people/${lucas.id}`);
  await page.getByRole("button", { name: "Roles and rights on another day" }).click();
  await page.getByRole("slider", { name: "Day" }).press("End");
  const table = page.getByRole("table");
  await expect(table.getByRole("row").filter({ hasText: "Roles" })).toBeVisible();
  await expect(table.getByRole("columnheader").filter({ hasText: "today" })).toBeVisible();
  await page.getByRole("slider", { name: "Day" }).press("Home");
  await expect(table.getByRole("columnheader").filter({ hasText: "today" })).toHaveCount(0);
});
