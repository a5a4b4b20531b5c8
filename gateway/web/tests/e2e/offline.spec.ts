// Without a network: what was opened can be read, what is written is kept and takes effect once.

import type { Page } from "@playwright/test";
import { composer, expect, feed, say, test, url } from "./world";

test("an hour offline on three devices ends with all the same, nothing twice and nothing lost", async ({
  world: { hannah },
}) => {
  const id = await hannah.task("Three devices");
  const contexts = [await hannah.browser(), await hannah.browser(), await hannah.browser()];
  const pages: Page[] = [];
  for (const context of contexts) {
    const page = await context.newPage();
    await page.goto(`${url}/tasks/${id}`);
    await expect(page.getByText("Three devices").first()).toBeVisible();
    await composer(page).waitFor();
    pages.push(page);
  }
  for (const context of contexts) await context.setOffline(true);
  for (const [index, page] of pages.entries()) {
    await say(page, `first from ${index}`);
    await say(page, `second from ${index}`);
    await expect(feed(page).getByText(`second from ${index}`)).toBeVisible();
  }
  // One of them is closed meanwhile, and opened again later.
  const [closed] = pages.splice(0, 1);
  await closed?.close();
  for (const context of contexts) await context.setOffline(false);
  const again = await contexts[0]?.newPage();
  if (!again) throw new Error("no browser");
  await again.goto(`${url}/inbox`);
  const expected = [0, 1, 2].flatMap((index) => [`first from ${index}`, `second from ${index}`]).sort();
  await expect
    .poll(async () => {
      const { task } = await hannah.api<{ task: { comments: { text?: string }[] } }>(
        "GET",
        `/v4/tasks/${id}`,
      );
      return task.comments.flatMap(({ text }) => (text?.includes(" from ") ? [text] : [])).sort();
    })
    .toEqual(expected);
  await again.goto(`${url}/tasks/${id}`);
  for (const page of [...pages, again]) {
    for (const text of expected) await expect(feed(page).getByText(text)).toHaveCount(1);
    await expect(feed(page).getByText("Waits to be sent")).toHaveCount(0);
  }
});

test("the app itself opens without a network, with what was seen before", async ({ world: { hannah } }) => {
  const id = await hannah.task("Seen before");
  const context = await hannah.browser();
  const page = await context.newPage();
  await page.goto(`${url}/tasks/${id}`);
  await expect(page.getByText("Seen before").first()).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.close();
  await context.setOffline(true);
  const later = await context.newPage();
  await later.goto(`${url}/tasks/${id}`);
  await expect(later.getByText("Seen before").first()).toBeVisible();
  await expect(later.getByRole("button", { name: /^Offline/ })).toBeVisible();
});

test("a connection that is cut in the midst of a change does not make it twice", async ({
  world: { hannah },
}) => {
  const id = await hannah.task("Cut");
  const page = await hannah.at(`/tasks/${id}`);
  let cut = 0;
  await page.route("**/comments", async (route) => {
    // The server hears it, the browser never hears the answer.
    if (cut++ < 2) {
      await route.fetch();
      await route.abort("connectionreset");
    } else await route.continue();
  });
  await say(page, "Only once");
  await expect.poll(() => cut).toBeGreaterThanOrEqual(3);
  await expect(feed(page).getByText("Waits to be sent")).toHaveCount(0);
  const { task } = await hannah.api<{ task: { comments: { text?: string }[] } }>("GET", `/v4/tasks/${id}`);
  expect(task.comments.filter(({ text }) => text === "Only once")).toHaveLength(1);
});
