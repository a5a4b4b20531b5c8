// What hostile people put into texts, names and titles is shown as text, and very much of it is shown as well.

import { expect, say, test } from "./world";

const HOSTILE = `<img src=x onerror="document.title='broken in'"><script>document.title='broken in'</script><a href="javascript:document.title='broken in'">press</a><iframe srcdoc="x"></iframe>`;

test("hostile markup in a task's title, its comments and a list's name runs nowhere", async ({
  world: { hannah },
}) => {
  const id = await hannah.task(HOSTILE, { responsible: { id: hannah.id } });
  await hannah.api("POST", `/v4/tasks/${id}/comments`, { text: HOSTILE });
  await hannah.api("POST", `/v4/tasks/${id}/comments`, { formatted_text: `<p>Formatted ${HOSTILE}</p>` });
  await hannah.api("PUT", "/v4/lists", { name: HOSTILE.slice(0, 120) });
  for (const path of ["/inbox", `/tasks/${id}`, "/lists", "/search?q=onerror"]) {
    const page = await hannah.at(path);
    await expect(page.locator("#content")).toContainText(/onerror|Formatted|img/);
    expect(
      await page.locator("#content").locator("script, iframe, [onerror], a[href^='javascript']").count(),
    ).toBe(0);
    expect(await page.title()).not.toContain("broken in");
    await page.context().close();
  }
});

test("a comment of a hundred thousand characters is folded, and the page goes on", async ({
  world: { hannah },
}) => {
  const id = await hannah.task("Long");
  await hannah.api("POST", `/v4/tasks/${id}/comments`, { text: `${"word ".repeat(19_000)}the end` });
  const page = await hannah.at(`/tasks/${id}`);
  await expect(page.getByText(/word word word/).first()).toBeVisible();
  await say(page, "Still here");
  await expect(page.getByText("Still here")).toBeVisible();
});

test("a browser that keeps nothing says so, and what is written is sent all the same", async ({
  world: { hannah },
}) => {
  const id = await hannah.task("Nothing kept");
  const context = await hannah.browser();
  await context.addInitScript(() => {
    Object.defineProperty(window, "indexedDB", {
      value: {
        open: () => {
          throw new DOMException("forbidden", "SecurityError");
        },
      },
    });
    Object.defineProperty(window, "localStorage", {
      get: () => {
        throw new DOMException("forbidden", "SecurityError");
      },
    });
  });
  const page = await context.newPage();
  await page.goto(`${process.env.NASHI_E2E_URL}/tasks/${id}`);
  await expect(page.getByText("Nothing kept").first()).toBeVisible();
  await say(page, "Written in memory");
  await expect(page.getByRole("button", { name: /keeps nothing/ })).toBeVisible();
  await expect
    .poll(async () => {
      const { task } = await hannah.api<{ task: { comments: { text?: string }[] } }>(
        "GET",
        `/v4/tasks/${id}`,
      );
      return task.comments.filter(({ text }) => text === "Written in memory").length;
    })
    .toBe(1);
});

test("a clock that is wrong by a day changes neither the order nor what is sent", async ({
  world: { hannah },
}) => {
  const id = await hannah.task("Wrong clock");
  const context = await hannah.browser();
  const page = await context.newPage();
  await page.clock.install({ time: new Date(Date.now() - 86_400_000) });
  await page.clock.resume();
  await page.goto(`${process.env.NASHI_E2E_URL}/tasks/${id}`);
  await say(page, "From yesterday");
  await expect
    .poll(async () => {
      const { task } = await hannah.api<{ task: { comments: { text?: string }[] } }>(
        "GET",
        `/v4/tasks/${id}`,
      );
      return task.comments.at(-1)?.text;
    })
    .toBe("From yesterday");
});
