// The ways in that need a device: a phone that says yes for another one, and a passkey.

import type { Page } from "@playwright/test";
import { bare } from "./server";
import { expect, PHONE, test, url } from "./world";

/** Asks to be let in by a phone. Gives the address that the code holds. */
async function asks(page: Page): Promise<string> {
  const made = page.waitForResponse(
    (answer) => answer.url().endsWith("/v4/qr_sign_in") && answer.request().method() === "POST",
  );
  await page.getByRole("button", { name: /^(Use a phone|Show a new code)$/ }).click();
  const { text } = (await (await made).json()) as { text: string };
  await expect(page.getByRole("img", { name: "QR code for the phone" })).toBeVisible();
  const code = new URL(text);
  return `${url}${code.pathname}${code.hash}`;
}

test("a phone lets another device in, once, and keeps out what it does not know", async ({
  browser,
  world: { tom },
}) => {
  const desk = await browser.newContext({ locale: "en-US" });
  const page = await desk.newPage();
  await page.goto(url);
  const phone = await (await tom.browser(PHONE)).newPage();

  await phone.goto(await asks(page));
  await expect(phone.getByRole("heading", { name: "Let a device in?" })).toBeVisible();
  await expect(phone.getByText(`as you, ${tom.name}`)).toBeVisible();
  await expect(phone.getByText("127.0.0.1")).toBeVisible();
  await phone.getByRole("button", { name: "No", exact: true }).click();
  await expect(phone.getByText("That device was not let in.")).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("The phone said no.");
  expect((await desk.request.get(`${url}/v4/session`)).status()).toBe(401);

  const code = await asks(page);
  await phone.goto("about:blank");
  await phone.goto(code);
  await phone.getByRole("button", { name: "Yes, let it in" }).click();
  await expect(phone.getByText("That device is signed in")).toBeVisible();
  await page.locator("#content").waitFor();
  await expect(page.getByRole("link", { name: tom.name })).toBeVisible();

  // Whoever saw the code too comes too late, and so does whoever is not signed in.
  await phone.goto("about:blank");
  await phone.goto(code);
  await expect(phone.getByText("Nobody asks any more")).toBeVisible();
  const stranger = await (await browser.newContext({ locale: "en-US" })).newPage();
  await stranger.goto(code);
  await expect(stranger.getByLabel("E-mail")).toBeVisible();
  await stranger.context().close();
  await desk.close();
});

test("a passkey is made, lets in without a password, and lets in no more once it is removed", async ({
  browser,
}) => {
  // Browsers hold passkeys to a domain, never to an address of numbers.
  const { link, stop } = await bare("localhost");
  const context = await browser.newContext({ locale: "en-US" });
  try {
    const page = await context.newPage();
    const device = await context.newCDPSession(page);
    await device.send("WebAuthn.enable");
    await device.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await page.goto(link);
    await page.getByLabel(/^Name/).fill("Pear & Sons");
    await page.getByLabel("First name").fill("Ada");
    await page.getByLabel("E-mail").fill("ada@example.com");
    await page.locator("input[name=new-password]").fill("pears in the cellar");
    await page.getByRole("button", { name: "Begin" }).click();
    await page.locator("#content").waitFor();

    await page.goto(new URL("/profile/security", link).href);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a passkey" });
    await dialog.getByLabel("Name").fill("The laptop");
    await dialog.getByRole("button", { name: "Make a passkey" }).click();
    const row = page.getByRole("listitem").filter({ hasText: "The laptop" });
    await expect(row).toBeVisible();

    const out = async () => {
      await page.goto(new URL("/profile", link).href);
      await page.getByRole("button", { name: "Sign out" }).click();
      await expect(page.getByLabel("E-mail")).toBeVisible();
    };
    await out();
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.locator("#content").waitFor();

    await page.goto(new URL("/profile/security", link).href);
    await expect(row).toContainText("Last used");
    await row.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await expect(row).toHaveCount(0);
    await out();
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await expect(page.getByRole("alert")).toContainText("This passkey is not known here.");
  } finally {
    await stop();
    await context.close();
  }
});
