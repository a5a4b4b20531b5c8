// Files: chosen on a phone, kept without a network, shown and downloaded by whoever may, and harmless whatever they are called.

import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { stumblingBlocks } from "./axe";
import { OFFER, type Paper, PHOTO } from "./paper";
import { composer, expect, feed, PHONE, type Somebody, test, url } from "./world";

const SECOND: Paper = { ...OFFER, buffer: Buffer.from("%PDF-1.4\n%Twice as dear\n%%EOF\n") };

/** Where a comment's files are chosen. */
const chooser = (page: Page) => page.getByRole("form", { name: "Comment" }).locator("input[type=file]");

const commented = (page: Page, task: number) =>
  page.waitForResponse(
    (response) =>
      response.request().method() === "POST" && response.url().endsWith(`/v4/tasks/${task}/comments`),
  );

async function withFiles(hannah: Somebody, irene: Somebody): Promise<number> {
  const { id } = await hannah.api<{ id: number }>("POST", "/v4/forms", {
    name: `Repair ${Date.now()}`,
    definition: {
      fields: [
        { id: 1, name: "What is broken", type: "text", in_title: true },
        { id: 2, name: "Offer", type: "file", required_step: 1 },
      ],
      steps: [{ name: "Approval", approvers: [{ who: { person: hannah.id } }], rule: "everyone" }],
    },
  });
  await hannah.api("POST", `/v4/forms/${id}/permissions`, { permissions: { [irene.id]: "member" } });
  return id;
}

test("a requester on a phone fills a field with a file and attaches a photo, and the approver sees and downloads them", async ({
  world: { hannah, irene },
}) => {
  const form = await withFiles(hannah, irene);
  const phone = await irene.at(`/new/${form}`, PHONE);
  await phone.getByLabel("What is broken").fill("The van's tyre");
  await phone.getByRole("button", { name: "Create", exact: true }).click();
  const field = phone.getByRole("group", { name: "Offer" });
  await expect(field.getByText("Fill this in")).toBeVisible();
  await field.locator("input[type=file]").setInputFiles(OFFER);
  await expect(field.getByRole("button", { name: "Remove offer.pdf" })).toBeVisible();
  await clean(phone, "a form with a file");
  await phone.getByRole("button", { name: "Create", exact: true }).click();
  await phone.waitForURL(/\/tasks\/\d+/);
  const task = Number(new URL(phone.url()).pathname.split("/").at(-1));

  await chooser(phone).setInputFiles(PHOTO);
  await expect(phone.getByRole("button", { name: "Remove tyre.png" })).toBeVisible();
  const sent = commented(phone, task);
  await phone.getByRole("button", { name: "Send", exact: true }).click();
  expect((await sent).ok()).toBe(true);
  await expect(feed(phone).getByRole("img", { name: "tyre.png" })).toBeVisible();
  await clean(phone, "a comment with a photo");

  const desk = await hannah.at(`/tasks/${task}`);
  const photo = feed(desk).getByRole("img", { name: "tyre.png" });
  await expect(photo).toBeVisible();
  await expect.poll(() => photo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(64);
  await photo.click();
  const viewer = desk.getByRole("dialog", { name: "tyre.png" });
  await expect(viewer.getByRole("img", { name: "tyre.png" })).toBeVisible();
  await clean(desk, "a picture, large");
  await desk.keyboard.press("Escape");
  await expect(viewer).toBeHidden();
  const [download] = await Promise.all([
    desk.waitForEvent("download"),
    desk.getByRole("link", { name: /^Download offer\.pdf/ }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("offer.pdf");
  expect(await readFile(await download.path())).toEqual(OFFER.buffer);
});

test("a new task of a form takes files beside its fields, which are there again after a reload", async ({
  world: { hannah, irene },
}) => {
  const form = await withFiles(hannah, irene);
  const page = await irene.at(`/new/${form}`);
  await page.getByLabel("What is broken").fill("The gate");
  await page.getByRole("group", { name: "Offer" }).locator("input[type=file]").setInputFiles(OFFER);
  const files = page.getByRole("group", { name: "Files", exact: true });
  await drop(files, PHOTO);
  await expect(files.getByRole("button", { name: "Remove tyre.png" })).toBeVisible();
  await clean(page, "a form with files beside its fields");
  await expect.poll(() => page.evaluate(keptFiles)).toBe(2);
  await page.reload();
  await expect(files.getByRole("button", { name: "Remove tyre.png" })).toBeVisible();
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.waitForURL(/\/tasks\/\d+/);
  await expect(feed(page).getByRole("img", { name: "tyre.png" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Fields" }).getByText("offer.pdf").first()).toBeVisible();
});

/** Drops a file onto a place, as from the folder that it lies in. */
async function drop(onto: Locator, { name, mimeType, buffer }: Paper): Promise<void> {
  const data = await onto.page().evaluateHandle(
    ([name, type, bytes]) => {
      const transfer = new DataTransfer();
      const content = Uint8Array.from(atob(bytes ?? ""), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([content], name ?? "", { type }));
      return transfer;
    },
    [name, mimeType, buffer.toString("base64")],
  );
  await onto.dispatchEvent("drop", { dataTransfer: data });
}

test("a comment with a file is kept without a network, and sent once after its tab was closed", async ({
  world: { hannah },
}) => {
  const id = await hannah.task("Sent later");
  const context = await hannah.browser();
  const page = await context.newPage();
  await page.goto(`${url}/tasks/${id}`);
  await composer(page).waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.setOffline(true);
  await chooser(page).setInputFiles(PHOTO);
  await composer(page).fill("With a photo");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(feed(page).getByText("Waits to be sent")).toBeVisible();
  await expect(feed(page).getByRole("img", { name: "tyre.png" })).toBeVisible();
  await page.close();
  await context.setOffline(false);
  const again = await context.newPage();
  await again.goto(`${url}/inbox`);
  const comments = async () => {
    const { task } = await hannah.api<{
      task: { comments: { text?: string; attachments?: { name: string; size: number }[] }[] };
    }>("GET", `/v4/tasks/${id}`);
    return task.comments.flatMap(({ text, attachments }) =>
      text === "With a photo" ? [(attachments ?? []).map(({ name, size }) => [name, size])] : [],
    );
  };
  await expect.poll(comments).toEqual([[["tyre.png", PHOTO.buffer.length]]]);
  await again.goto(`${url}/tasks/${id}`);
  await expect(feed(again).getByRole("img", { name: "tyre.png" })).toBeVisible();
  await expect(feed(again).getByText("Waits to be sent")).toHaveCount(0);
  // Nothing of it is kept in the browser once the server has it.
  await expect.poll(() => again.evaluate(keptFiles)).toBe(0);
});

test("an upload that is cut goes on, and its comment is made once", async ({ world: { hannah } }) => {
  const id = await hannah.task("Cut uploads");
  const page = await hannah.at(`/tasks/${id}`);
  await composer(page).waitFor();
  const keys: string[] = [];
  await page.route("**/v4/files/upload", async (route) => {
    keys.push(route.request().headers()["idempotency-key"] ?? "");
    // The server has it, the browser never hears of that.
    if (keys.length < 3) {
      await route.fetch();
      await route.abort("connectionreset");
    } else await route.continue();
  });
  await chooser(page).setInputFiles(OFFER);
  const sent = commented(page, id);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  expect((await sent).ok()).toBe(true);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  await expect(feed(page).getByRole("link", { name: /^Download offer\.pdf/ })).toHaveCount(1);
});

/** Chooses a new version of a file where it stands. */
async function renew(place: Locator, next: Paper): Promise<void> {
  const page = place.page();
  await place
    .getByRole("button", { name: `More for ${next.name}` })
    .last()
    .click();
  const [chosen] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("menuitem", { name: "Upload a new version" }).click(),
  ]);
  await chosen.setFiles(next);
}

test("a new version of a file goes into a new comment, and the one before is opened from it", async ({
  world: { hannah, irene },
}) => {
  const attachments = [await irene.upload(OFFER)];
  const id = await irene.task("An offer", { attachments, participants: [{ id: hannah.id }] });
  const page = await hannah.at(`/tasks/${id}`);
  await renew(feed(page), SECOND);
  const chip = page.getByRole("form", { name: "Comment" }).getByRole("listitem");
  await expect(chip.filter({ hasText: "New version" })).toBeVisible();
  const sent = commented(page, id);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  expect((await sent).ok(), await (await sent).text()).toBe(true);
  await expect(feed(page).getByText("Version 2")).toBeVisible();
  await feed(page).getByRole("button", { name: "More for offer.pdf" }).last().click();
  await page.getByRole("menuitem", { name: "2 versions" }).click();
  const dialog = page.getByRole("dialog", { name: "Versions of offer.pdf" });
  const versions = dialog.locator("ol > li");
  await expect(versions).toHaveText([
    new RegExp(`Version 2${hannah.name}`),
    new RegExp(`Version 1${irene.name}`),
  ]);
  await clean(page, "versions of a file");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    versions.last().getByRole("link").click(),
  ]);
  expect(await readFile(await download.path())).toEqual(OFFER.buffer);
});

test("a new version of a file in a field takes the place of the one before", async ({
  world: { hannah, irene },
}) => {
  const form = await withFiles(hannah, irene);
  const value = [await hannah.upload(PHOTO), await hannah.upload(OFFER)];
  const fields = [
    { id: 1, value: "The lift" },
    { id: 2, value },
  ];
  const { task } = await hannah.api<{ task: { id: number } }>("POST", "/v4/tasks", { form_id: form, fields });
  const page = await hannah.at(`/tasks/${task.id}`);
  const sent = commented(page, task.id);
  const own = page.getByRole("region", { name: "Fields" });
  await renew(own, SECOND);
  expect((await sent).ok(), await (await sent).text()).toBe(true);
  await expect(own.getByRole("link", { name: /^Download offer\.pdf/ })).toHaveText(/Version 2/);
  await expect(own.getByRole("img", { name: "tyre.png" })).toBeVisible();
  await clean(page, "files of a field");
  await own.getByRole("button", { name: "More for offer.pdf" }).click();
  await page.getByRole("menuitem", { name: "2 versions" }).click();
  await expect(page.getByRole("dialog").locator("ol > li")).toHaveCount(2);
});

test("whatever a file is called, its name is text, ends in what it ends in, and moves nothing", async ({
  world: { hannah },
}) => {
  const id = await hannah.task("Hostile names");
  const names = [
    "invoice\u202egpj.exe",
    `"><img src=x onerror="document.title='broken in'">.txt`,
    `'quoted' "twice" %22 & <b>.txt`,
    "שלום עולם.txt",
    `${"W".repeat(251)}.txt`,
  ];
  for (const options of [{}, PHONE]) {
    const page = await hannah.at(`/tasks/${id}`, options);
    await composer(page).waitFor();
    await chooser(page).setInputFiles(
      names.map((name) => ({ name, mimeType: "text/plain", buffer: Buffer.from("x") })),
    );
    await expect(page.getByRole("button", { name: /^Remove / })).toHaveCount(names.length);
    await clean(page, "chosen files with hostile names");
    await harmless(page);
    const sent = commented(page, id);
    await page.getByRole("button", { name: "Send", exact: true }).click();
    expect((await sent).ok(), await (await sent).text()).toBe(true);
    await expect(
      feed(page)
        .getByRole("link", { name: /^Download invoicegpj\.exe/ })
        .last(),
    ).toBeVisible();
    await clean(page, "files with hostile names");
    await harmless(page);
  }
});

async function harmless(page: Page): Promise<void> {
  const wrong = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    alive: document.querySelector("[onerror], img[src='x']") !== null,
    title: document.title === "broken in",
  }));
  expect(wrong).toEqual({ wide: false, alive: false, title: false });
}

async function clean(page: Page, what: string): Promise<void> {
  expect(await stumblingBlocks(page), what).toEqual([]);
}

/** How many files the browser keeps for whoever is signed in. In the page. */
async function keptFiles(): Promise<number> {
  const answer = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const found = (await indexedDB.databases()).find(({ name }) => /^nashi-\d+-\d+$/.test(name ?? ""));
  const database = await answer(indexedDB.open(found?.name ?? ""));
  const count = await answer(database.transaction("blobs").objectStore("blobs").count());
  database.close();
  return count;
}

test("an announcement comes with files to everybody, and so does what is said under it", async ({
  world: { hannah, irene },
}) => {
  const words = `The new lathe, number ${Date.now() % 1_000_000}`;
  const page = await hannah.at("/announcements");
  const writer = page.locator("form").first();
  await writer.locator("[contenteditable=true]").fill(words);
  await writer.locator("input[type=file]").setInputFiles([PHOTO, OFFER]);
  await expect(writer.getByRole("button", { name: /^Remove / })).toHaveCount(2);
  await clean(page, "an announcement with files");
  await writer.getByRole("button", { name: "Announce" }).click();
  const card = (at: Page) => at.getByRole("article").filter({ hasText: words });
  await expect(card(page).getByRole("img", { name: "tyre.png" })).toBeVisible();

  const other = await irene.at("/announcements", PHONE);
  await expect(card(other).getByRole("img", { name: "tyre.png" })).toBeVisible();
  const fetched = other.waitForEvent("download");
  await card(other)
    .getByRole("link", { name: /^Download offer\.pdf/ })
    .click();
  expect(await readFile(await (await fetched).path())).toEqual(OFFER.buffer);
  await card(other).getByRole("link", { name: "Write a comment" }).click();
  const below = other.locator("form").last();
  await below.locator("input[type=file]").setInputFiles(PHOTO);
  await below.getByRole("button", { name: "Send" }).click();
  await expect(other.getByRole("listitem").getByRole("img", { name: "tyre.png" })).toBeVisible();
  await clean(other, "a comment of a picture under an announcement");

  await card(page).getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await card(page).getByRole("button", { name: "Remove offer.pdf" }).click();
  await card(page).getByRole("button", { name: "Save" }).click();
  await expect(card(page).getByRole("link", { name: /^Download offer\.pdf/ })).toHaveCount(0);
  await expect(card(page).getByRole("img", { name: "tyre.png" })).toBeVisible();
});
