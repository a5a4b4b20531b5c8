// What is said under a task, and what hangs on it: answers that quote, words that are mended and taken back, time that was spent, tasks
// below it and tasks that it points to.

import type { Page } from "@playwright/test";
import { composer, expect, feed, type Somebody, say, test, url } from "./world";

/** Chooses from the menu of what somebody said last. */
async function choose(page: Page, whose: Somebody, what: string) {
  const menu = feed(page)
    .getByRole("button", { name: `What to do with the comment of ${whose.name}` })
    .last();
  await menu.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: what }).click();
}

const send = (page: Page) => page.getByRole("button", { name: "Send", exact: true }).click();

test("words are answered with a quotation, mended and taken back, and everybody sees that at once", async ({
  world: { hannah, irene },
}) => {
  const task = await hannah.task("Mend the gate", { participants: [{ id: irene.id }] });
  const [left, right] = [await hannah.at(`/tasks/${task}`), await irene.at(`/tasks/${task}`)];
  await say(right, "It hangs by one hinge");
  await expect(feed(left).getByText("It hangs by one hinge")).toBeVisible();
  await choose(left, irene, "Reply");
  const form = left.getByRole("form", { name: "Comment" });
  await expect(form.getByText(`Reply to ${irene.name}`)).toBeVisible();
  await composer(left).fill("Which one?");
  await send(left);
  const quote = feed(right).locator("quote");
  await expect(quote).toHaveText("It hangs by one hinge");
  await expect(feed(right).getByText("Which one?")).toBeVisible();

  await choose(right, irene, "Edit");
  const mended = right.getByRole("form", { name: "Comment" });
  await expect(mended.getByText("Editing your comment").first()).toBeVisible();
  await expect(composer(right)).toHaveText("It hangs by one hinge");
  await composer(right).fill("It hangs by its lower hinge");
  await send(right);
  await expect(feed(left).getByText("It hangs by its lower hinge")).toBeVisible();
  await expect(feed(left).getByText("edited", { exact: true })).toBeVisible();

  await say(right, "Never mind");
  await expect(feed(left).getByText("Never mind")).toBeVisible();
  await choose(right, irene, "Delete");
  await expect(feed(left).getByText("Never mind")).toHaveCount(0);
  await expect(feed(left).getByText("This comment was deleted")).toBeVisible();
  await expect(feed(right).getByText("This comment was deleted")).toBeVisible();
});

test("time that was spent is said with the words, and summed up beside them", async ({
  world: { hannah },
}) => {
  const task = await hannah.task("Oil the hinges");
  const page = await hannah.at(`/tasks/${task}`);
  for (const [minutes, words] of [
    ["50", "Both of them"],
    ["25", ""],
  ] as const) {
    await composer(page).fill(words);
    await page.getByRole("button", { name: "More ways to send" }).click();
    await page.getByRole("menuitem", { name: "Time spent" }).click();
    const dialog = page.getByRole("dialog", { name: "Time spent" });
    await dialog.getByLabel("Minutes").fill(minutes);
    await dialog.getByRole("button", { name: "Done" }).click();
    const answered = page.waitForResponse((answer) => answer.url().endsWith(`/v4/tasks/${task}/comments`));
    await send(page);
    expect((await answered).ok()).toBe(true);
  }
  await expect(feed(page).getByText("Time spent: 50 min")).toBeVisible();
  await expect(page.getByRole("article").getByRole("complementary").getByText("1 h 15 min")).toBeVisible();
});

test("a task below another one says so, whatever was begun before; a task that a field points to is opened from there", async ({
  world: { hannah },
}) => {
  const [gate, fence] = [await hannah.task("Rebuild the gate"), await hannah.task("Rebuild the fence")];
  const page = await hannah.at(`/tasks/${fence}`);
  const begin = async (parent: number) => {
    await page.goto(`${url}/tasks/${parent}`);
    await page.getByRole("button", { name: "More", exact: true }).first().click();
    await page.getByRole("menuitem", { name: "New subtask" }).click();
    await expect(page.getByRole("heading", { name: "New task" })).toBeVisible();
  };
  await begin(fence);
  await page.getByLabel("What is to be done").fill("Count the pales");
  await page.getByRole("link", { name: "Lists" }).click();
  await begin(gate);
  await expect(page.getByLabel("What is to be done")).toHaveValue("");
  await page.getByLabel("What is to be done").fill("Find the old hinges");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Find the old hinges" })).toBeVisible();
  await page.getByRole("complementary").getByRole("link", { name: "Rebuild the gate" }).click();
  await expect(page.getByRole("heading", { name: "Rebuild the gate" })).toBeVisible();
  // The whole tells of its parts: one that is made elsewhere, and that it is done.
  const parts = page
    .getByRole("article")
    .getByRole("complementary")
    .getByRole("region", { name: /^Subtasks/ });
  await expect(parts.getByRole("link", { name: "Open Find the old hinges" })).toBeVisible();
  const second = await hannah.task("Oil the new ones", { parent_task_id: gate });
  await expect(parts.getByRole("heading")).toContainText("0 of 2 done");
  await hannah.api("POST", `/v4/tasks/${second}/comments`, { action: "finished" });
  await expect(parts.getByRole("heading")).toContainText("1 of 2 done");
  await expect(parts.getByRole("link", { name: "Done Oil the new ones" })).toBeVisible();
  await begin(fence);
  await expect(page.getByLabel("What is to be done")).toHaveValue("Count the pales");

  const make = async (name: string, fields: object[]) => {
    const definition = {
      fields,
      steps: [{ name: "Begin", approvers: [{ who: "author" }], rule: "everyone" }],
    };
    const unique = `${name} ${Date.now() % 1_000_000}`;
    const { id } = await hannah.api<{ id: number }>("POST", "/v4/forms", { name: unique, definition });
    return id;
  };
  const what = { id: 1, name: "What", type: "text", in_title: true };
  const order = await make("Orders", [what]);
  const bill = await make("Bills", [what, { id: 2, name: "Of", type: "form_link", form_id: order }]);
  const ordered = await hannah.task("", { form_id: order, fields: [{ id: 1, value: "Forty pales" }] });
  const billed = await hannah.task("", { form_id: bill, fields: [{ id: 1, value: "For the pales" }] });
  await page.goto(`${url}/tasks/${billed}`);
  const facts = page.getByRole("article").getByRole("complementary");
  await facts.getByRole("button", { name: /Of/ }).click();
  await facts.getByRole("combobox", { name: "Of" }).fill("Forty");
  await page.getByRole("option", { name: /Forty pales/ }).click();
  await facts.getByRole("button", { name: "Save" }).click();
  await expect(feed(page).getByText(/Forty pales/)).toBeVisible();
  await facts.getByRole("link", { name: /Forty pales/ }).click();
  await expect(page).toHaveURL(`${url}/tasks/${ordered}`);
  await page
    .getByRole("article")
    .getByRole("region", { name: "Linked from" })
    .getByRole("link", { name: /For the pales/ })
    .click();
  await expect(page).toHaveURL(`${url}/tasks/${billed}`);
});
