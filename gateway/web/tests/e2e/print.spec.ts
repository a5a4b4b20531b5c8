// Paper: a task with its history, and by a template that the form has for it.

import type { Page } from "@playwright/test";
import { expect, test, url } from "./world";

/** The page for paper that an entry of the task's menu opens. */
async function printed(page: Page, entry: string, more = "More"): Promise<Page> {
  await page.getByRole("button", { name: more, exact: true }).first().click();
  const [paper] = await Promise.all([
    page.context().waitForEvent("page"),
    page.getByRole("menuitem", { name: entry, exact: true }).click(),
  ]);
  await paper.waitForLoadState();
  return paper;
}

test("a template is tried before it is kept, and prints what the form's tasks hold", async ({
  world: { hannah },
}) => {
  const name = `Orders on paper ${Date.now() % 1_000_000}`;
  const { id: form } = await hannah.api<{ id: number }>("POST", "/v4/forms", {
    name,
    definition: {
      fields: [
        { id: 1, name: "What", type: "text", in_title: true },
        { id: 2, name: "Pieces", type: "number" },
      ],
      steps: [{ name: "Order", approvers: [{ who: "author" }], rule: "everyone" }],
    },
  });
  const task = await hannah.task("", {
    form_id: form,
    fields: [
      { id: 1, value: "Ladders <b>& rungs</b>" },
      { id: 2, value: 12 },
    ],
  });
  const page = await hannah.at(`/administration/forms/${form}`);
  await page.getByRole("tab", { name: "Print forms" }).click();
  await page.getByRole("button", { name: "New print form" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Delivery note");
  const template = page.getByRole("textbox", { name: "Template" });
  await template.fill('<h1>{{ task.id }}</h1>\n<p>{{ field["Pieces" }}</p>');
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText(/line 2/i);
  await template.fill("<h1>{{ task.id }}</h1>\n");
  await template.press("Control+End");
  await page.getByRole("combobox", { name: "Insert a field" }).selectOption({ label: "What" });
  await page.getByRole("combobox", { name: "Insert a field" }).selectOption({ label: "Pieces" });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("The print form is saved.")).toBeVisible();

  await page.goto(`${url}/tasks/${task}`);
  const note = await printed(page, "Print: Delivery note");
  await expect(note.getByRole("heading", { name: String(task) })).toBeVisible();
  await expect(note.getByText("Ladders <b>& rungs</b>")).toBeVisible();
  await expect(note.getByText("12")).toBeVisible();
  const whole = await printed(page, "Print");
  await expect(whole.getByText("Ladders <b>& rungs</b>").first()).toBeVisible();
  await expect(whole.getByText(hannah.name).first()).toBeVisible();
  await expect(whole.locator("html")).toHaveAttribute("lang", "en");

  await page.evaluate(() => localStorage.setItem("nashi:language", "ru"));
  await page.reload();
  const russian = await printed(page, "Печать", "Ещё");
  await expect(russian.locator("html"), "as the app speaks, not as the browser does").toHaveAttribute(
    "lang",
    "ru",
  );
});
