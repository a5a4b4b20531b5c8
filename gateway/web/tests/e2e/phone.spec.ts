// A phone: what is pressed is large enough for a thumb, the app can be put on the home screen, and it says when the network is gone.

import type { Page } from "@playwright/test";
import { composer, expect, feed, PHONE, test, url } from "./world";

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
