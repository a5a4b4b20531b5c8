// How people find things and keep order in them: search and palette by keyboard, a list and its board, the calendar, and an article that
// two people write at once.

import { expect, PHONE, test, url } from "./world";

test("a question over all forms is asked, narrowed and opened without a mouse", async ({
  world: { hannah },
}) => {
  const page = await hannah.at("/inbox");
  await page.keyboard.press("/");
  await page.getByRole("searchbox", { name: "Search" }).fill("offer");
  const results = page.getByRole("list", { name: "Results" });
  await expect(results.getByRole("link").first()).toBeVisible();
  await expect(page.getByRole("tab", { name: /^Tasks/ })).toBeVisible();
  await page.getByRole("button", { name: "Form", exact: true }).click();
  await page.getByRole("menuitem").first().click();
  await expect(page).toHaveURL(/form=\d+/);
  // The menu gives the focus back, and what is found comes anew.
  await expect(async () => {
    await page.getByRole("searchbox", { name: "Search" }).focus();
    await page.keyboard.press("ArrowDown");
    await expect(results.getByRole("link").first()).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/(tasks|forms)\/\d+/);
});

test("the palette finds a person, and a question mark shows every key", async ({
  world: { hannah, irene },
}) => {
  const page = await hannah.at("/calendar");
  await page.keyboard.press("Control+k");
  await page.keyboard.type(irene.name);
  await page
    .getByRole("option", { name: new RegExp(`^${irene.name}`) })
    .first()
    .click();
  await expect(page).toHaveURL(`${new URL(page.url()).origin}/people/${irene.id}`);
  await page.keyboard.press("Shift+?");
  await expect(page.getByRole("dialog", { name: "All keys" })).toContainText("Go to");
});

test("a list takes a task in place, and its board and the calendar move it", async ({
  world: { hannah },
}) => {
  const list = await hannah.api<{ id: number }>("PUT", "/v4/lists", { name: "Move of the office" });
  // The same server may have seen this story before.
  const text = `Label the cabinets ${list.id}`;
  const page = await hannah.at(`/lists/${list.id}`);
  await page.getByRole("textbox", { name: "Add a task" }).fill(text);
  await page.keyboard.press("Enter");
  const row = page.getByRole("link", { name: text });
  await expect(row).toBeVisible();
  await page.goto(`${page.url()}?view=board`);
  await page.getByRole("region", { name: "No date" }).getByText(text).hover();
  await page.getByRole("button", { name: `Move to: ${text}` }).click();
  await page.getByRole("menuitem", { name: "Move to: Today" }).click();
  await expect(page.getByRole("region", { name: "Today" }).getByText(text)).toBeVisible();
  const dueOf = async () => {
    const { tasks } = await hannah.api<{ tasks?: { text: string; due_date?: string }[] }>(
      "GET",
      `/v4/lists/${list.id}/tasks`,
    );
    return tasks?.[0]?.due_date;
  };
  await expect.poll(dueOf).toBeTruthy();
  const today = await dueOf();
  await page.goto(new URL("/calendar?all=yes&view=week", page.url()).href);
  await page.getByRole("link", { name: text }).focus();
  // From a Sunday on one goes back, so that it stays in sight.
  const back = new Date(`${today}T12:00:00`).getDay() === 0;
  await page.keyboard.press(back ? "Alt+ArrowLeft" : "Alt+ArrowRight");
  await expect.poll(dueOf).not.toBe(today);
  await expect(page.getByRole("link", { name: text })).toBeVisible();
});

test("each tab is called by what is looked at in it", async ({ world: { hannah, irene } }) => {
  const list = await hannah.api<{ id: number }>("PUT", "/v4/lists", { name: "Autumn fair" });
  const id = await hannah.task("Rent a tent", { responsible: { id: hannah.id } });
  const page = await hannah.at("/inbox");
  await expect(page).toHaveTitle("Inbox · Nashi");
  for (const [path, title] of [
    [`/inbox/${id}`, "Rent a tent · Nashi"],
    [`/lists/${list.id}`, "Autumn fair · Nashi"],
    ["/forms/1", "Purchase request · Nashi"],
    ["/calendar", "Calendar · Nashi"],
    ["/search", "Search · Nashi"],
    [`/people/${irene.id}`, `${irene.name} · Nashi`],
    ["/profile/devices", "Devices · Nashi"],
    ["/administration/members", "Members · Nashi"],
  ] as const) {
    await page.goto(`${url}${path}`);
    await expect(page).toHaveTitle(title);
  }
  await page.getByRole("link", { name: "Lists" }).click();
  await expect(page).toHaveTitle("Lists · Nashi");
});

test("a list is made and read on a phone", async ({ world: { hannah } }) => {
  const page = await hannah.at("/lists", PHONE);
  await page.getByRole("button", { name: "New list" }).first().click();
  await page.getByRole("textbox", { name: /^Name/ }).fill("Fair in spring <b>bold</b>");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Fair in spring <b>bold</b>" })).toBeVisible();
  await expect(page.getByText("No open task here")).toBeVisible();
});

test("an article that somebody else saved meanwhile is not written over", async ({ world: { hannah } }) => {
  const article = await hannah.api<{ id: string; version: number }>("POST", "/v4/knowledgebase", {
    type: "article",
    title: "How we travel",
    body: "By train.",
  });
  const page = await hannah.at(`/knowledge-base/${article.id}?edit`);
  const body = page.getByRole("textbox", { name: "Text" });
  await body.fill("By bicycle.");
  await hannah.api("PUT", `/v4/knowledgebase/${article.id}`, {
    body: "By night train.",
    version: article.version,
  });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Somebody else saved this meanwhile");
  await expect(page.getByRole("alert")).toContainText("By night train.");
  await expect(body).toHaveValue("By bicycle.");
  await page.getByRole("button", { name: "Save mine" }).click();
  await expect(page).toHaveURL(new RegExp(`/knowledge-base/${article.id}$`));
  await expect(page.getByText("By bicycle.")).toBeVisible();
  const saved = await hannah.api<{ body: string }>("GET", `/v4/knowledgebase/${article.id}`);
  expect(saved.body).toBe("By bicycle.");
});
