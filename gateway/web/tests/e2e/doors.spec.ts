// The ways in besides a password: links that the operator hands over, of which each lets in once, and codes for who has lost a phone.

import { createHmac } from "node:crypto";
import type { Page } from "@playwright/test";
import { admin, bare } from "./server";
import { demo, expect, PHONE, test, url } from "./world";

/** A link on the address of this server. */
const at = (printed: string) => `${url}${new URL(printed).pathname}${new URL(printed).hash}`;

const signIn = async (page: Page, login: string, password: string) => {
  await page.getByLabel("E-mail").fill(login);
  await page.locator("input[name=password]").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
};

/** What an authenticator shows now (RFC 6238). */
function codeOf(secret: string): string {
  const bits = [...secret].map((sign) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(sign).toString(2).padStart(5, "0"),
  );
  const key = Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", key).update(step).digest();
  const number = mac.readUInt32BE((mac[19] ?? 0) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

test("who forgot a password chooses a new one by the link, once; who then lost the phone comes in by a recovery code", async ({
  browser,
}) => {
  const [, , , sophie = ""] = demo.others;
  const link = at(admin("password", "reset-link", sophie));
  const context = await browser.newContext(PHONE);
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole("button", { name: "Save the password" }).click();
  await expect(page.getByText("Fill this in")).toBeVisible();
  const password = page.locator("input[name=new-password]");
  await password.fill("short");
  await password.press("Enter");
  await expect(page.getByText("At least 8 characters", { exact: true })).toBeVisible();
  await password.fill("pears in the cellar");
  await password.press("Enter");
  await expect(page.getByRole("heading", { name: "The password is changed" })).toBeVisible();
  await expect(page.getByRole("button", { name: "To the sign-in" })).toBeFocused();
  await page.keyboard.press("Enter");
  await signIn(page, sophie, "pears in the cellar");
  await page.locator("#content").waitFor();

  await page.goto(`${url}/profile/security`);
  await page.getByRole("button", { name: "Set up" }).first().click();
  const dialog = page.getByRole("dialog");
  const secret = (await dialog.locator("code, output").first().textContent())?.replaceAll(/\s/g, "") ?? "";
  await dialog.getByRole("textbox").last().fill(codeOf(secret));
  await page.keyboard.press("Enter");
  // The dialog before it may still be on its way out.
  const codes = page.getByRole("dialog", { name: "Recovery codes" });
  await expect(codes.getByRole("heading", { name: "Recovery codes" })).toBeVisible();
  const [recovery = ""] = (await codes.textContent())?.match(/[a-z0-9]{4}(-[a-z0-9]{4}){3}/) ?? [];
  expect(recovery).not.toBe("");
  await codes.getByRole("button", { name: "I have put them away" }).click();
  await context.close();

  const other = await browser.newContext();
  const lost = await other.newPage();
  await lost.goto(link);
  await lost.locator("input[name=new-password]").fill("once more, with feeling");
  await lost.getByRole("button", { name: "Save the password" }).click();
  await expect(lost.getByRole("alert")).toContainText("good for an hour, once");
  await lost.getByRole("button", { name: "To the sign-in" }).click();
  await signIn(lost, sophie, "pears in the cellar");
  await lost.getByRole("button", { name: "Use a recovery code" }).click();
  await lost.getByRole("textbox").last().fill(recovery);
  await lost.keyboard.press("Enter");
  await lost.locator("#content").waitFor();
  await other.close();
  admin("second-factor", "remove", sophie);
});

test("who is invited joins with a name and a password, a second organisation with the same account, and chooses where to go the next time", async ({
  browser,
}, { retry }) => {
  // Told once more, it meets nobody whom it invited before.
  const login = `quentin.holt.${retry}@example.com`;
  const password = "quinces are not pears";
  const invited = (organisation: string) => {
    admin(
      "person",
      "add",
      "--organisation",
      organisation,
      "--email",
      login,
      "--first-name",
      "Quentin",
      "--administrator",
    );
    return at(admin("invitation", "link", login, "--organisation", organisation));
  };
  const context = await browser.newContext(PHONE);
  const page = await context.newPage();
  await page.goto(invited("1"));
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await expect(page.getByText("Fill this in")).toHaveCount(2);
  await page.getByLabel("First name").fill("Quentin");
  await page.getByLabel("Last name").fill("Holt");
  await page.locator("input[name=new-password]").fill(password);
  await page.keyboard.press("Enter");
  await page.locator("#content").waitFor();

  const link = invited(admin("organisation", "create", "--name", "Quince Ltd"));
  await page.goto("about:blank");
  await page.goto(link);
  await page.getByRole("button", { name: "Join as Quentin Holt" }).click();
  // Nobody else is there yet: where to begin is said.
  const steps = page.getByRole("navigation", { name: "Where to begin" });
  await expect(steps.getByRole("link")).toHaveCount(3);
  await steps.getByRole("link", { name: "Write the first task" }).click();
  await page.getByLabel("What is to be done").fill("Plant quinces");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Plant quinces" })).toBeVisible();
  await context.close();

  const later = await browser.newContext();
  const again = await later.newPage();
  await again.goto(url);
  await signIn(again, login, password);
  await expect(again.getByRole("heading", { name: "Where to?" })).toBeVisible();
  // The keys are there already.
  await expect(again.locator("main li button:focus")).toHaveCount(1);
  await again.getByRole("button", { name: /Quince Ltd/ }).press("Enter");
  await again.locator("#content").waitFor();
  await again.goto(`${url}/people`);
  await expect(again.getByText("1 person")).toBeVisible();
  // A link that was used says so.
  await again.goto("about:blank");
  await again.goto(link);
  await again.getByRole("button", { name: /^Join as/ }).click();
  await expect(again.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();
  await later.close();
});

test("an empty installation is set up by its link, which is of no use afterwards", async ({ browser }) => {
  const { link, stop } = await bare();
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(link);
    await page.getByLabel(/^Name/).fill("Pear & Sons");
    await page.getByRole("button", { name: "Begin" }).click();
    await expect(page.getByText("Fill this in")).toHaveCount(3);
    await expect(page.getByLabel("First name")).toBeFocused();
    await page.getByLabel("First name").fill("Ada");
    await page.getByLabel("E-mail").fill("ada@example.com");
    await page.locator("input[name=new-password]").fill("pears in the cellar");
    await page.getByRole("button", { name: "Begin" }).click();
    const steps = page.getByRole("navigation", { name: "Where to begin" });
    await steps.getByRole("link", { name: "Write the first task" }).click();
    await page.getByLabel("What is to be done").fill("Count the pears");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Count the pears" })).toBeVisible();
    await context.clearCookies();
    await page.goto("about:blank");
    await page.goto(link);
    await expect(page.getByRole("alert")).toContainText("set up already");
  } finally {
    await stop();
    await context.close();
  }
});
