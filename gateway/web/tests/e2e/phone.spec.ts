// A phone: what is pressed is large enough for a thumb, the app can be put on the home screen, and it says when the network is gone.

import type { Page } from "@playwright/test";
import { composer, expect, feed, PHONE, type Somebody, test, url } from "./world";

/** What stands alone and is pressed, and is smaller than a thumb: links within words may be (WCAG 2.5.8). */
function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const small: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>(
      "button, [role=button], [role=tab], nav a, header a, select, input:not([type=file], [type=range]), [role=menuitem]",
    )) {
      const style = getComputedStyle(element);
      const label =
        element.closest("label") ??
        (element.id ? document.querySelector(`label[for="${element.id}"]`) : null);
      const own = element.getBoundingClientRect();
      const around = label?.getBoundingClientRect();
      const height = Math.max(own.height, around?.height ?? 0);
      const width = Math.max(own.width, around?.width ?? 0);
      const seen =
        own.width > 1 &&
        own.height > 1 &&
        style.visibility !== "hidden" &&
        !element.closest("[hidden], [inert]");
      if (seen && (height < 32 || width < 32))
        small.push(
          `${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent} ${Math.round(width)}×${Math.round(height)}`,
        );
    }
    return small;
  });
}

test("whatever is pressed on a phone is large enough for a thumb", async ({ world: { hannah } }) => {
  const id = await hannah.task("For a thumb", { responsible: { id: hannah.id } });
  await hannah.api("POST", `/v4/tasks/${id}/comments`, { text: "Read it on the way" });
  const page = await hannah.at("/inbox", PHONE);
  const found: string[] = [];
  for (const path of [
    "/inbox",
    `/inbox/${id}`,
    "/new",
    "/new/1",
    "/forms/1",
    "/search?q=offer",
    "/calendar",
    "/lists",
    "/people",
  ]) {
    await page.goto(`${url}${path}`);
    await page.locator("#content").waitFor();
    await expect(page.locator("#content [aria-busy=true], #content [data-opening]")).toHaveCount(0);
    found.push(...(await tooSmall(page)).map((what) => `${path}: ${what}`));
  }
  expect(found).toEqual([]);
});

test("a board on a phone begins where there is something", async ({ world: { hannah } }) => {
  const list = await hannah.api<{ id: number }>("PUT", "/v4/lists", { name: "Some day" });
  await hannah.task("Whenever there is time", { list_ids: [list.id] });
  const page = await hannah.at(`/lists/${list.id}?view=board`, PHONE);
  await expect(page.getByText("Whenever there is time")).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole("region", { name: "Overdue" })).not.toBeInViewport();
});

test("without a network a phone says so above the screen, and what is written waits", async ({
  world: { hannah },
}) => {
  const id = await hannah.task("Underground");
  const context = await hannah.browser(PHONE);
  const page = await context.newPage();
  await page.goto(`${url}/tasks/${id}`);
  await page.evaluate(() => navigator.serviceWorker.ready);
  // The whole app is on the device from the second time on.
  await page.reload();
  await composer(page).waitFor();
  await context.setOffline(true);
  await composer(page).fill("From the tunnel");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(feed(page).getByText("Waits to be sent")).toBeVisible();
  const strip = page.getByRole("main").getByRole("button", { name: /^Offline/ });
  await expect(strip).toContainText("1 change waits to be sent");
  await strip.click();
  await expect(page.getByRole("dialog", { name: "Not sent yet" })).toContainText("Underground");
  await page.keyboard.press("Escape");
  await context.setOffline(false);
  await expect(strip).toHaveCount(0);
  await expect(feed(page).getByText("Waits to be sent")).toHaveCount(0);
});

test("it can be put on the home screen, and no script but its own runs", async ({ world: { hannah } }) => {
  const page = await hannah.at("/inbox", PHONE);
  const wire = await page.context().newCDPSession(page);
  const { errors } = await wire.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  const { installabilityErrors } = await wire.send("Page.getInstallabilityErrors");
  // Browsers of stories are private ones, in which nothing is installed.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);
  const answer = await page.request.get(`${url}/inbox`);
  const policy = answer.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
});

/** A phone on which the app itself does not come before it is let through. */
async function slow(who: Somebody) {
  // So high that all is seen that other stories left there.
  const page = await (await who.browser({ ...PHONE, viewport: { width: 360, height: 3_000 } })).newPage();
  let letThrough: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route(/\/assets\/app-[^/]*\.js$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${url}/inbox`, { waitUntil: "commit" });
  return { page, letThrough };
}

test("on a phone the inbox is there before the app, stays as it is, and opens what was pressed by then", async ({
  world: { hannah, irene },
}) => {
  const late = await irene.task("Water the pears", {
    responsible: { id: hannah.id },
    due_date: "2026-01-02",
  });
  const id = await irene.task("Turn the <b>pears</b> & \u202etheir leaves: all of them", {
    responsible: { id: hannah.id },
  });
  const reminded = await hannah.task("Ask for the ladders", { responsible: { id: hannah.id } });
  await hannah.api("POST", `/v4/inbox/${reminded}/remind`, {
    at: new Date(Date.now() + 1_500).toISOString(),
  });
  await expect
    .poll(async () => {
      const { marks } = await hannah.api<{ marks: { reminded_task_ids?: number[] } }>(
        "GET",
        "/v4/inbox?marks=y",
      );
      return marks.reminded_task_ids ?? [];
    })
    .toContain(reminded);
  const first = await slow(hannah);
  const rowOf = (page: Page, task: number) => page.locator(`a[href="/inbox/${task}"]`);
  const looks = () =>
    first.page.locator("#root li").evaluateAll((rows) =>
      (rows as HTMLElement[])
        .filter((row) => row.getBoundingClientRect().top < innerHeight)
        .map((row) => {
          const { x, y, width, height } = row.getBoundingClientRect();
          return { words: row.textContent.split(/\s+/).join(" "), x, y, width, height };
        }),
    );
  await rowOf(first.page, id).waitFor();
  await expect(first.page.locator("#content")).toHaveCount(0);
  const early = await looks();
  expect(early.length).toBeGreaterThan(5);
  expect(early.map(({ words }) => words).join("\n")).toContain("Reminder");
  first.letThrough();
  await first.page.locator("#content").waitFor();
  await expect(first.page.getByRole("checkbox").first()).toBeAttached();
  expect(await looks()).toEqual(early);

  const second = await slow(hannah);
  await rowOf(second.page, late).click();
  await expect(second.page).toHaveURL(`${url}/inbox/${late}`);
  second.letThrough();
  await expect(second.page.getByRole("heading", { name: "Water the pears" })).toBeVisible();
  await second.page.goBack();
  await expect(rowOf(second.page, id)).toBeVisible();
});
