// Sessions that end, and two people in one browser: nothing typed is lost, and nothing is done as somebody else.

import { composer, demo, expect, test, url } from "./world";

test("a session that ends in the midst of typing loses nothing of it", async ({ world: { hannah } }) => {
  const id = await hannah.task("Long words");
  const context = await hannah.browser();
  const page = await context.newPage();
  await page.goto(`${url}/tasks/${id}`);
  const box = composer(page);
  await box.fill("A long answer that took an hour");
  await context.clearCookies();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByLabel("E-mail")).toHaveValue(hannah.login);
  await expect(dialog.getByRole("textbox", { name: "Password" })).toBeFocused();
  await page.keyboard.type(demo.password);
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect
    .poll(async () => {
      const { task } = await hannah.api<{ task: { comments: { text?: string }[] } }>(
        "GET",
        `/v4/tasks/${id}`,
      );
      return task.comments.filter(({ text }) => text === "A long answer that took an hour").length;
    })
    .toBe(1);
});

test("who signs out without a network is signed out once there is one, and not before", async ({
  somebody,
}) => {
  const lucas = await somebody(demo.others[2] ?? "");
  const context = await lucas.browser();
  const page = await context.newPage();
  await page.goto(`${url}/inbox`);
  await page.locator("#content").waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready);
  const session = async () => (await context.request.get(`${url}/v4/session`)).json();
  expect(await session()).toHaveProperty("session");
  await context.setOffline(true);
  await page.keyboard.press("g");
  await page.keyboard.press("q");
  await expect(page.getByLabel("E-mail")).toBeVisible();
  // Whoever opens the app next, still without a network, finds nobody.
  await page.reload();
  await expect(page.getByLabel("E-mail")).toBeVisible();
  await context.setOffline(false);
  await page.reload();
  await expect(page.getByLabel("E-mail")).toBeVisible();
  // Not over what was open: nothing of theirs is there any more.
  await expect(page.locator("#content")).toHaveCount(0);
  await expect.poll(async () => (await context.request.get(`${url}/v4/session`)).status()).toBe(401);
  await page.getByLabel("E-mail").fill(lucas.login);
  await page.locator("input[name=password]").fill(demo.password);
  await page.keyboard.press("Enter");
  await page.locator("#content").waitFor();
  await page.reload();
  await page.locator("#content").waitFor();
  expect(await session()).toHaveProperty("session");
});

test("what one person queued in a browser is not sent as the other who signed in there", async ({
  world: { hannah, irene },
}) => {
  const id = await hannah.task("Mine alone", { participants: [{ id: irene.id }] });
  const context = await hannah.browser();
  const page = await context.newPage();
  await page.goto(`${url}/tasks/${id}`);
  await expect(page.getByText("Mine alone").first()).toBeVisible();
  // In another tab somebody else signs in: the cookie is theirs from now on.
  const answer = await context.request.post(`${url}/v4/sessions`, {
    data: { login: irene.login, password: demo.password },
    headers: { Origin: url },
  });
  expect(answer.ok()).toBe(true);
  // The first word is enough for the server to find out; what follows is not sent.
  await composer(page).fill("Written by Hannah");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  const { task } = await hannah.api<{ task: { comments: { text?: string }[] } }>("GET", `/v4/tasks/${id}`);
  expect(task.comments.some(({ text }) => text === "Written by Hannah")).toBe(false);
});
