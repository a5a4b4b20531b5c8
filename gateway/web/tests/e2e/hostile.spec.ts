// What hostile people put into texts, names and titles is shown as text, and very much of it is shown as well.

import { expect, say, test, url } from "./world";

const HOSTILE = `<img src=x onerror="window.broken=1"><script>window.broken=1</script><a href="javascript:window.broken=1">press</a><iframe srcdoc="x"></iframe>`;

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
    expect(await page.evaluate(() => "broken" in window)).toBe(false);
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
  await page.goto(`${url}/tasks/${id}`);
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
  await page.goto(`${url}/tasks/${id}`);
  await say(page, "From yesterday");
  await page.getByRole("button", { name: /clock is 24 hours behind/ }).click();
  await expect(page.getByRole("dialog")).toContainText("Nothing is lost by it");
  await page.keyboard.press("Escape");
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

test("a field of a mebibyte is refused at its field, nothing of it is lost, and as much as a field holds is folded", async ({
  world: { hannah },
}) => {
  const { id: form } = await hannah.api<{ id: number }>("POST", "/v4/forms", {
    name: `Reports ${Date.now() % 1_000_000}`,
    definition: {
      fields: [
        { id: 1, name: "Where", type: "text", in_title: true },
        { id: 2, name: "Report", type: "text", multiline: true },
      ],
      steps: [],
    },
  });
  const line = "What happened here, at length. ";
  const mebibyte = line.repeat(34_000).slice(0, 1024 * 1024);
  const context = await hannah.browser();
  const page = await context.newPage();
  await page.goto(`${url}/new/${form}`);
  const report = page.getByRole("textbox", { name: /^Report/ });
  await report.fill(mebibyte);
  await page.getByRole("textbox", { name: /^Where/ }).pressSequentially("In the yard");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(report).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByText("At most 60,000 characters")).toBeVisible();
  expect((await report.inputValue()).length).toBe(mebibyte.length);

  // It is there again after the tab was closed.
  await page.close();
  const later = await context.newPage();
  await later.goto(`${url}/new/${form}`);
  const again = later.getByRole("textbox", { name: /^Report/ });
  await expect.poll(async () => (await again.inputValue()).length).toBe(mebibyte.length);
  await expect(later.getByRole("textbox", { name: /^Where/ })).toHaveValue("In the yard");
  await again.fill(mebibyte.slice(0, 60_000));
  await later.getByRole("button", { name: "Create", exact: true }).click();
  await expect(later).toHaveURL(/\/tasks\/\d+$/);
  const facts = later.getByRole("complementary").filter({ hasText: "In the yard" });
  await facts.getByRole("button", { name: "Show all" }).click();
  await expect(facts).toContainText(line.repeat(100));

  // Where it stands it is not changed into one either.
  await facts.getByRole("button", { name: "Edit: Report" }).click();
  await facts.getByRole("textbox", { name: /^Report/ }).fill(mebibyte);
  await facts.getByRole("button", { name: "Save" }).click();
  await expect(facts.getByText("At most 60,000 characters")).toBeVisible();
  expect((await facts.getByRole("textbox", { name: /^Report/ }).inputValue()).length).toBe(mebibyte.length);
});
