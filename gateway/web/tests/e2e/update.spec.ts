// A server that was brought up to date while the app is open: the app says so, and reloads when its person says so, with everything typed.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { composer, expect, test, url } from "./world";

const DIST = join(import.meta.dirname, "../../dist");
const WORKER = join(DIST, "sw.js");

test("a newer version is announced, and taken without losing what is typed", async ({
  world: { hannah },
}) => {
  const id = await hannah.task("Typed before the update");
  const context = await hannah.browser();
  const page = await context.newPage();
  await page.goto(`${url}/tasks/${id}`);
  await page.evaluate(() => navigator.serviceWorker.ready);
  // The first worker takes over with the next page.
  await page.reload();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const box = composer(page);
  await box.fill("Half a sentence");
  const old = readFileSync(WORKER, "utf8");
  const compressed = [".br", ".gz"].map((ending) => WORKER + ending).filter((path) => existsSync(path));
  try {
    // The server of this build reads the app from its folder: a newer worker is a newer app.
    writeFileSync(WORKER, `${old}\n// The next version.\n`);
    for (const path of compressed) renameSync(path, `${path}.away`);
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await expect(page.getByText("A new version is here")).toBeVisible();
    await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Reload" }).click()]);
    await expect(composer(page)).toContainText("Half a sentence");
    await expect(page.getByText("A new version is here")).toBeHidden();
  } finally {
    writeFileSync(WORKER, old);
    for (const path of compressed) renameSync(`${path}.away`, path);
  }
});
