// Every screen, in both themes and at both widths: nothing broke, nobody stumbles. With NASHI_PICTURES naming a folder, pictures of all
// of them are put there, in both languages, to be looked at one by one.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "@playwright/test";
import { stumblingBlocks } from "./axe";
import { DOORS, SCREENS, type Shown } from "./screens";
import { expect, PHONE, type Somebody, test, url } from "./world";

const LOOKS: { name: string; options: BrowserContextOptions }[] = [
  { name: "desktop-light", options: { viewport: { width: 1280, height: 800 }, colorScheme: "light" } },
  { name: "phone-dark", options: { ...PHONE, colorScheme: "dark" } },
];
test.describe.configure({ mode: "parallel" });

const PICTURES = process.env.NASHI_PICTURES;
/** Also taken as pictures, where nobody could stumble over anything new. */
const MORE: typeof LOOKS = [
  { name: "desktop-dark", options: { viewport: { width: 1280, height: 800 }, colorScheme: "dark" } },
  { name: "phone-light-ru", options: { ...PHONE, colorScheme: "light", locale: "ru-RU" } },
];

/** Opens one screen after the other and says what is wrong with each. */
async function walk(page: Page, screens: Shown[], who: Somebody, look: string): Promise<string[]> {
  const broken: string[] = [];
  let at = "";
  page.on("pageerror", (error) => broken.push(`${at}: ${error.message}`));
  page.on("console", (message) => {
    // A refused script or style says so here.
    if (/Content.Security.Policy/i.test(message.text())) broken.push(`${at}: ${message.text()}`);
  });
  if (PICTURES) mkdirSync(PICTURES, { recursive: true });
  for (const shown of screens) {
    at = shown.name;
    await open(page, shown, who);
    if (PICTURES) await page.screenshot({ path: join(PICTURES, `${shown.name}-${look}.png`) });
    broken.push(...(await stumblingBlocks(page)).map((block) => `${at}: ${block}`));
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (sideways > 0) broken.push(`${at}: scrolls sideways by ${sideways} px`);
  }
  return broken;
}

async function open(page: Page, shown: Shown, who: Somebody): Promise<void> {
  const path = typeof shown.path === "string" ? shown.path : await shown.path(who);
  // A part behind the `#` alone would open nothing anew.
  await page.goto("about:blank");
  await page.goto(`${url}${path}`);
  await page.locator("main").first().waitFor();
  await settled(page);
  await shown.before?.(page);
  await settled(page);
}

/** The stream stays open, so the network is never idle: what is under way says so. What fades in has come. */
async function settled(page: Page): Promise<void> {
  await expect(page.locator("#content [aria-busy=true], #content [data-opening]")).toHaveCount(0);
  await page.evaluate(() => {
    const passing = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    // One that is taken away with its element never ends.
    return Promise.allSettled(passing.map(({ finished }) => finished));
  });
}

for (const { name, options } of PICTURES ? [...LOOKS, ...MORE] : LOOKS) {
  test(`nobody stumbles on any screen, ${name}`, async ({ world: { hannah } }) => {
    test.setTimeout(600_000);
    const page = await (await hannah.browser(options)).newPage();
    expect(await walk(page, SCREENS, hannah, name)).toEqual([]);
  });

  test(`nobody stumbles on the way in, ${name}`, async ({ browser, world: { hannah } }) => {
    const context = await browser.newContext(options);
    expect(await walk(await context.newPage(), DOORS, hannah, name)).toEqual([]);
    await context.close();
  });
}
