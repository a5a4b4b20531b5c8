// What one arranges for oneself: where one is signed in, a key for programs, what comes where, and who stands in while one is away.

import type { Page } from "@playwright/test";
import { PHOTO } from "./paper";
import { demo, expect, signedOut, test, url } from "./world";

/** What stands under one of the page's headings. */
const part = (page: Page, title: string) =>
  page
    .locator("section")
    .filter({ has: page.getByRole("heading", { level: 3, name: title, exact: true }) })
    .last();

/** All one's sessions have ended, this one as well. */
async function signInAgain(page: Page, login: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.getByLabel("E-mail").fill(login);
  await dialog.getByRole("textbox", { name: "Password" }).fill(demo.password);
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
}

test("a session that is ended elsewhere asks to sign in, and the others stay", async ({ somebody }) => {
  const lucas = await somebody(demo.others[2] ?? "");
  const [page, lost] = [await lucas.at("/profile/devices"), await lucas.at("/inbox")];
  await page.reload();
  const others = part(page, "Other devices");
  await expect(others.getByRole("listitem").first()).toBeVisible();
  const before = await others.getByRole("listitem").count();
  // The newest stands first.
  await others.getByRole("button", { name: "Sign out", exact: true }).first().click();
  await expect(others.getByRole("listitem")).toHaveCount(before - 1);
  await lost.goto(`${url}/lists`);
  await expect(lost.getByLabel("E-mail")).toBeVisible();
  await page.goto(`${url}/inbox`);
  await expect(page.getByRole("heading", { name: "Inbox" })).toBeVisible();
});

test("a key for programs is issued, lets in, and lets in no more once it is revoked", async ({
  somebody,
  request,
}) => {
  const [, , lucas = ""] = demo.others;
  const person = await somebody(lucas);
  const page = await person.at("/profile/security");
  signedOut(lucas);
  const lets = async (key: string) =>
    (await request.post(`${url}/v4/auth`, { data: { login: lucas, security_key: key } })).ok();
  const panel = part(page, "Security key for programs");
  await panel.getByRole("button", { name: /^Issue a/ }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Issue a/ })
    .click();
  await signInAgain(page, lucas);
  const shown = page.getByRole("dialog", { name: "Security key for programs" });
  const key = (await shown.locator("code").textContent())?.trim() ?? "";
  expect(await lets(key)).toBe(true);
  await shown.getByRole("button", { name: "I have put it away" }).click();
  await expect(panel).toContainText("There is a key");
  await panel.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await signInAgain(page, lucas);
  await expect(panel).toContainText("No key");
  expect(await lets(key)).toBe(false);
});

test("what comes where is kept: reasons by channel, one form apart, quiet hours", async ({
  world: { tom },
}) => {
  const page = await tom.at("/profile/notifications");
  const everywhere = part(page, "All tasks");
  const box = everywhere.getByRole("checkbox", { name: "Comments: Mail" });
  await expect(box).toBeChecked();
  await box.uncheck();
  await page.getByRole("switch", { name: "Keep quiet hours" }).click();
  await page.getByLabel("From").fill("21:30");
  await page.getByRole("combobox", { name: "Add a form" }).selectOption({ label: "Purchase request" });
  const form = part(page, "Purchase request");
  await expect(form.getByRole("checkbox", { name: "Comments: Mail" })).not.toBeChecked();
  await form.getByRole("checkbox", { name: "Comments: Mail" }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
  await page.reload();
  await expect(box).not.toBeChecked();
  await expect(page.getByLabel("From")).toHaveValue("21:30");
  await expect(form.getByRole("checkbox", { name: "Comments: Mail" })).toBeChecked();
  await form.getByRole("button", { name: "As all tasks: Purchase request" }).click();
  await page.getByRole("switch", { name: "Keep quiet hours" }).click();
  await box.check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
  await page.reload();
  await expect(box).toBeChecked();
  await expect(form).toHaveCount(0);
});

test("who stands in finds what waits for whoever is away, until they are back", async ({
  world: { hannah, tom, lucas },
}) => {
  const task = await hannah.task("Lock the yard", { responsible: { id: tom.id } });
  const page = await tom.at("/profile/absence");
  const deputy = await lucas.at("/inbox");
  const row = deputy.locator(`#content a[href="/inbox/${task}"]`);
  await page.getByRole("button", { name: "Plan an absence" }).click();
  await page.getByRole("combobox", { name: "Deputy" }).fill(lucas.name);
  await page.getByRole("option", { name: new RegExp(lucas.name) }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "You are away" })).toBeVisible();
  await expect(page.getByText(`Deputy: ${lucas.name}.`)).toBeVisible();
  await expect(row).toBeVisible();
  await page.getByRole("button", { name: "I am back" }).click();
  await expect(page.getByRole("heading", { name: "You are here" })).toBeVisible();
  await expect(row).toHaveCount(0);
});

test("one's picture is seen by colleagues wherever the name stands, until it is taken away", async ({
  world: { tom, irene },
}) => {
  const page = await tom.at("/profile/me");
  const choose = page.getByLabel("Choose a picture", { exact: true }).first();
  await choose.setInputFiles({ name: "notes.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await expect(page.getByText("This file cannot be read as a picture.")).toBeVisible();
  await choose.setInputFiles(PHOTO);
  const own = page.locator("main img[src^='/avatar/']");
  await expect(own).toBeVisible();
  // A small square, whatever was chosen.
  expect(await own.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight])).toEqual([
    216, 216,
  ]);
  const colleague = await irene.at("/people");
  const find = () => colleague.getByRole("searchbox").fill(tom.name);
  const row = colleague.getByRole("link").filter({ hasText: tom.name });
  await find();
  await expect(row.locator("img")).toBeVisible();

  await page.getByRole("button", { name: "Take it away" }).click();
  await expect(own).toHaveCount(0);
  await colleague.reload();
  await find();
  await expect(row).toBeVisible();
  await expect(row.locator("img")).toHaveCount(0);
});
