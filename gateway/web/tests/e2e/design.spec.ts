// An administrator designs a form, others use it, and it is changed: a journey from the first field to the second version.

import type { Page } from "@playwright/test";
import { carry, expect, test } from "./world";

test.describe.configure({ mode: "serial" });

/** The server may have seen this story before. */
const name = `Journey ${Date.now() % 1_000_000}`;
let form = 0;
let task = 0;

const palette = (page: Page) => page.getByRole("region", { name: "Add a field" });
const properties = (page: Page) => page.getByRole("complementary", { name: "Properties" });
/** The field of the canvas that is chosen by its name. */
const pick = (page: Page, field: string) => page.getByRole("button", { name: field, exact: true });
const saved = (page: Page) =>
  expect(page.getByRole("status").filter({ hasText: "Draft saved" })).toBeVisible();

test("an administrator designs a form, tries it and publishes it", async ({
  world: { hannah, irene, tom, lucas },
}) => {
  const page = await hannah.at("/administration/forms");
  await page.getByRole("button", { name: "New form" }).first().click();
  await page.getByRole("textbox", { name: /^Name of the form/ }).fill(name);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page).toHaveURL(/\/administration\/forms\/\d+$/);
  form = Number(page.url().split("/").at(-1));
  const field = properties(page);

  // Fields: dragged, added by the keyboard alone, and dragged above another.
  const empty = page.getByText("The form is empty");
  await carry(page, palette(page).getByRole("button", { name: /^Text/ }), empty, -2);
  await field.getByRole("textbox", { name: "Name", exact: true }).fill("Where to");
  await field.getByRole("combobox", { name: "Required from step" }).selectOption({ index: 1 });
  await field.getByRole("checkbox", { name: "Shown in the task's title" }).check();
  await palette(page)
    .getByRole("button", { name: /^Choice/ })
    .focus();
  await page.keyboard.press("Enter");
  await field.getByRole("textbox", { name: "Name", exact: true }).fill("By");
  await field.getByRole("textbox", { name: "Choice 1" }).fill("Train");
  await field.getByRole("textbox", { name: "Choice 2" }).fill("Plane");
  await palette(page).getByRole("button", { name: /^Text/ }).click();
  await field.getByRole("textbox", { name: "Name", exact: true }).fill("Why not by train");
  await carry(page, palette(page).getByRole("button", { name: /^Money/ }), pick(page, "By"), 2);
  // What was dropped is chosen a moment later: its name stands where the last one's stood.
  await expect(field.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("Money");
  await field.getByRole("textbox", { name: "Name", exact: true }).fill("Costs");
  // The last one goes up by keys, and down again.
  await pick(page, "Why not by train").click();
  await page.keyboard.press("Alt+ArrowUp");
  await page.keyboard.press("Alt+ArrowDown");
  const order = () => page.locator("[data-pick]").allTextContents();
  await expect.poll(order).toEqual([expect.stringContaining("Where to"), "Costs", "By", "Why not by train"]);

  // One of them is asked only of those who fly.
  await field.getByRole("button", { name: "Add a condition" }).click();
  await field.getByRole("combobox", { name: "Field", exact: true }).selectOption({ label: "By" });
  await field.getByRole("combobox", { name: "Comparison" }).selectOption({ label: "is" });
  await field.getByRole("combobox", { name: "Value" }).selectOption({ label: "Plane" });
  await saved(page);

  // The route: Tom always, Lucas where it is dear.
  await page.getByRole("tab", { name: "Route" }).click();
  await page.getByRole("button", { name: "Add a step" }).first().click();
  const step = properties(page);
  await step.getByRole("textbox", { name: "Name", exact: true }).fill("Agreed");
  const ask = async (person: string) => {
    await step.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("menuitem", { name: "A person or role" }).click();
    await page.keyboard.type(person);
    await page
      .getByRole("option", { name: new RegExp(person) })
      .first()
      .click();
  };
  await ask(tom.name);
  const flow = page.getByRole("region", { name: "Picture of the route" });
  await flow.getByRole("button", { name: "Add a step" }).last().click();
  await step.getByRole("textbox", { name: "Name", exact: true }).fill("Paid");
  await ask(lucas.name);
  await step.getByRole("button", { name: `More: ${lucas.name}` }).click();
  await page.getByRole("menuitem", { name: "Ask under a condition" }).click();
  await step.getByRole("button", { name: "Add a condition" }).first().click();
  await step.getByRole("combobox", { name: "Field", exact: true }).selectOption({ label: "Costs" });
  await step.getByRole("combobox", { name: "Comparison" }).selectOption({ label: "is greater than" });
  await step.getByRole("textbox", { name: "Value" }).fill("1000");
  await expect(flow).toContainText(`${lucas.name} (only if Costs is greater than 1000)`);
  await saved(page);

  // Tried before anybody sees it: the condition shows its field, and the way follows from what is filled in.
  await page.getByRole("tab", { name: "Try" }).click();
  const tried = page.getByRole("region", { name: "The form", exact: true });
  const way = page.getByRole("region", { name: "Its way" });
  await expect(tried.getByText("1 field is hidden now")).toBeVisible();
  await tried.getByRole("radio", { name: "Plane" }).check();
  await expect(tried.getByRole("textbox", { name: /^Why not by train/ })).toBeVisible();
  await tried.getByRole("textbox", { name: /^Costs/ }).fill("400");
  await expect(way).toContainText(`Asks: ${tom.name}`);
  await expect(way).toContainText("Asks nobody");
  await tried.getByRole("textbox", { name: /^Costs/ }).fill("1400");
  await expect(way).toContainText(`Asks: ${lucas.name}`);
  await expect(way).toContainText("Waits for required fields: Where to");

  // Irene may fill it in.
  await page.getByRole("tab", { name: "Access" }).click();
  await page.getByRole("combobox", { name: "Give access" }).fill(irene.name);
  await page
    .getByRole("option", { name: new RegExp(irene.name) })
    .first()
    .click();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("combobox", { name: `Level of ${irene.name}` })).toHaveValue("member");

  await page.getByRole("button", { name: "Publish", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Publish the form" });
  await expect(dialog).toContainText("Why not by train");
  await dialog.getByRole("button", { name: "Publish version 2" }).click();
  await expect(page.getByText("Version 2 is published.")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "As published" })).toBeVisible();
});

test("another person finds it, fills it in, and the approver approves", async ({
  world: { hannah, irene, tom },
}) => {
  const page = await irene.at("/new");
  await page.getByRole("link", { name }).first().click();
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByRole("textbox", { name: /^Where to/ })).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("textbox", { name: /^Where to/ }).fill("Oslo");
  await page.getByRole("textbox", { name: /^Costs/ }).fill("400");
  await expect(page.getByRole("textbox", { name: /^Why not by train/ })).toHaveCount(0);
  await page.getByRole("radio", { name: "Plane" }).check();
  await page.getByRole("textbox", { name: /^Why not by train/ }).fill("There is a sea between");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page).toHaveURL(/\/tasks\/\d+$/);
  task = Number(page.url().split("/").at(-1));
  await expect(page.getByText("There is a sea between").first()).toBeVisible();

  const inbox = await tom.at("/inbox");
  await inbox.locator(`a[href="/inbox/${task}"]`).click();
  await expect(inbox.getByRole("heading", { name: /Oslo/ })).toBeVisible();
  // It leaves the inbox before the server has it: what comes next rests on its answer.
  const taken = inbox.waitForResponse((answer) => answer.url().endsWith(`/v4/tasks/${task}/comments`));
  await inbox
    .getByRole("button", { name: /^Approve/ })
    .first()
    .click();
  expect((await taken).ok()).toBe(true);
  await expect(inbox.locator(`a[href="/inbox/${task}"]`)).toHaveCount(0);

  const register = await hannah.at(`/forms/${form}`);
  const row = register.getByRole("row").filter({ hasText: "Oslo" });
  await expect(row).toContainText("Plane");
  await expect(row).toContainText("400.00");
});

test("a new version is tried on what was, and what was stays as it was", async ({
  world: { hannah, lucas },
}) => {
  const page = await hannah.at(`/administration/forms/${form}`);
  await page.getByRole("button", { name: "Costs", exact: true }).click();
  await properties(page).getByRole("textbox", { name: "Name", exact: true }).fill("Costs in euros");
  await page.getByRole("tab", { name: "Route" }).click();
  await page.getByRole("button", { name: "Paid", exact: true }).click();
  await properties(page).getByRole("textbox", { name: "Value" }).fill("300");
  await saved(page);
  await page.getByRole("tab", { name: "What if" }).click();
  await page.getByRole("button", { name: "Try on past tasks" }).click();
  await expect(page.getByRole("status").filter({ hasText: "1 task examined" })).toBeVisible();
  const past = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: /Oslo/ }) });
  await expect(past).toContainText("2. Paid");
  await expect(past).toContainText(`${lucas.name}: is asked`);
  await expect(past).toContainText("Costs in euros is greater than 300");

  await page.getByRole("button", { name: "Publish", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Publish the form" });
  await expect(dialog).toContainText("Costs in euros");
  await expect(dialog).toContainText("1 would have gone another way");
  await dialog.getByRole("button", { name: "Publish version 3" }).click();
  await expect(page.getByText("Version 3 is published.")).toBeVisible();
  await page.getByRole("tab", { name: "Versions" }).click();
  const versions = page.getByRole("list", { name: "Versions" });
  await versions.getByRole("button", { name: /^Version 2/ }).click();
  await expect(page.getByRole("heading", { name: "Version 2" })).toBeVisible();
  await expect(page.getByText("As it was").locator("..")).toContainText("Costs");

  // What was filled in under version 2 is called as it was then, and the task goes on under version 3.
  await page.goto(new URL(`/tasks/${task}`, page.url()).href);
  const facts = page.getByRole("complementary").filter({ hasText: "Where to" });
  await expect(facts).toContainText("Costs in euros");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "History" }).click();
  await page.getByRole("button", { name: "Earlier" }).click();
  await expect(facts).not.toContainText("Costs in euros");
  await expect(facts).toContainText("Costs");
});
