// What is done by keys alone: each thing has its own, on whatever keyboard, two presses are not taken for one, and letters can be turned off.

import type { Page } from "@playwright/test";
import { expect, type Somebody, test, url } from "./world";

/** A key of a keyboard that writes Cyrillic. */
async function press(page: Page, key: string, code: string, held = 0): Promise<void> {
  const wire = await page.context().newCDPSession(page);
  for (const type of ["rawKeyDown", "keyUp"] as const)
    await wire.send("Input.dispatchKeyEvent", { type, key, code, modifiers: held });
  await wire.detach();
}
const CONTROL = 2;

async function toApprove(hannah: Somebody, irene: Somebody): Promise<number> {
  const { id: form } = await hannah.api<{ id: number }>("POST", "/v4/forms", {
    name: `By keys ${Date.now() % 1_000_000}`,
    definition: {
      fields: [{ id: 1, name: "What", type: "text", in_title: true }],
      steps: [
        { name: "Ask", approvers: [{ who: "author" }], rule: "everyone" },
        { name: "Decide", approvers: [{ who: { person: hannah.id } }], rule: "everyone" },
        { name: "Done", approvers: [{ who: "author" }], rule: "everyone" },
      ],
    },
  });
  await hannah.api("POST", `/v4/forms/${form}/permissions`, { permissions: { [irene.id]: "member" } });
  return irene.task("", { form_id: form, fields: [{ id: 1, value: "A rope" }] });
}

test("on a keyboard that writes Cyrillic the same keys do the same", async ({ world: { hannah, irene } }) => {
  const id = await toApprove(hannah, irene);
  const page = await hannah.at(`/inbox/${id}`, { locale: "ru-RU" });
  await expect(page.getByRole("button", { name: "Согласовать" })).toBeVisible();
  await press(page, "л", "KeyK", CONTROL);
  await expect(page.getByRole("combobox").first()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("combobox")).toHaveCount(0);
  const taken = page.waitForResponse((answer) => answer.url().endsWith(`/v4/tasks/${id}/comments`));
  await press(page, "ф", "KeyA");
  expect((await taken).ok()).toBe(true);
  await press(page, "п", "KeyG");
  await press(page, "с", "KeyC");
  await expect(page).toHaveURL(/\/calendar/);
});

test("what goes somewhere by two keys does nothing else on the way", async ({ world: { hannah, irene } }) => {
  const id = await toApprove(hannah, irene);
  const page = await hannah.at(`/inbox/${id}`);
  await expect(page.getByRole("button", { name: "Approve", exact: true })).toBeVisible();
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET") sent.push(new URL(request.url()).pathname);
  });
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await expect(page).toHaveURL(/\/announcements/);
  await page.goBack();
  await expect(page.getByRole("button", { name: "Approve", exact: true })).toBeVisible();
  // Begun, and gone on with by what goes nowhere: neither put away nor snoozed.
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await page.keyboard.press("Shift+A");
  await page.keyboard.press("Shift+?");
  await expect(page.getByRole("dialog", { name: "All keys" })).toBeVisible();
  expect(sent.filter((path) => path.startsWith("/v4/tasks") || path.startsWith("/v4/inbox"))).toEqual([]);
});

test("everything that the palette does has a key, and is listed where it belongs", async ({
  world: { hannah, irene },
}) => {
  test.setTimeout(240_000);
  const task = await hannah.task("Sort the keys", { responsible: { id: irene.id } });
  const approved = await toApprove(hannah, irene);
  const page = await hannah.at("/inbox");
  for (const path of [
    `/inbox/${approved}`,
    `/tasks/${task}`,
    "/forms/1",
    "/lists",
    "/calendar",
    "/new/1",
    "/profile",
    "/administration",
    "/administration/forms/1",
  ]) {
    await page.goto(`${url}${path}`);
    await page.locator("#content").waitFor();
    await expect(page.locator("#content [aria-busy=true], #content [data-opening]")).toHaveCount(0);
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("listbox");
    await expect(palette.getByRole("option", { name: "Calendar" })).toBeVisible();
    const without = await palette
      .getByRole("option")
      .evaluateAll((options) =>
        options.flatMap((option) =>
          option.id.startsWith("action ") && !option.querySelector("kbd") ? [option.textContent] : [],
        ),
      );
    expect(without, path).toEqual([]);
    await page.keyboard.press("Escape");
  }
  // Where the same keys are offered twice at one place, one of them does nothing.
  await page.goto(`${url}/tasks/${task}`);
  await expect(page.getByRole("heading", { name: "Sort the keys" })).toBeVisible();
  await page.keyboard.press("Shift+?");
  const keys = page.getByRole("dialog", { name: "All keys" });
  await expect(keys.getByRole("heading", { name: "Task", exact: true })).toBeVisible();
  const rows = await keys
    .getByRole("listitem")
    .evaluateAll((items) =>
      items.map((item) => [...item.querySelectorAll("kbd")].map(({ textContent }) => textContent).join(" ")),
    );
  expect(rows.filter((row, at) => rows.indexOf(row) !== at)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+A");
  await expect(page.getByRole("dialog", { name: "Reassign" })).toBeVisible();
});

test("whoever wants letters to do nothing turns them off, and commands stay", async ({ world: { tom } }) => {
  const page = await tom.at("/calendar");
  await page.keyboard.press("Shift+?");
  await page.getByRole("switch", { name: /^Keys without Ctrl/ }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await page.keyboard.press("c");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox").first()).toBeFocused();
  expect(new URL(page.url()).pathname).toBe("/calendar");
  await page.keyboard.press("Escape");
  await page.goto(`${url}/profile`);
  const there = page.getByRole("switch", { name: /^Keys without Ctrl/ });
  await expect(there).not.toBeChecked();
  await there.click();
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await expect(page).toHaveURL(/\/lists/);
});
