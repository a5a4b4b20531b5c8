// Coming in: an invited colleague joins by a link, which is good once, and is found by those who administer.

import { expect, test, url } from "./world";

const PASSWORD = "long and unlike any other";

test("somebody is invited, joins by the link, and the link is good once", async ({
  world: { hannah },
  browser,
}) => {
  const login = `wanda.${Date.now()}@example.com`;
  const page = await hannah.at("/administration/members");
  await page.getByRole("button", { name: "Add a member" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("E-mail").fill(login);
  await dialog.getByRole("button", { name: "Invite" }).click();
  const link = (await dialog.locator("code").textContent()) ?? "";
  const door = new URL(link);
  const address = `${url}${door.pathname}${door.hash}`;

  const context = await browser.newContext({ locale: "en-US" });
  const joining = await context.newPage();
  await joining.goto(address);
  await joining.getByLabel("First name").fill("Wanda");
  await joining.getByLabel("Last name").fill("Invited");
  await joining.getByLabel("New password").fill(PASSWORD);
  await joining.getByRole("button", { name: "Join" }).click();
  await expect(joining.locator("#content")).toBeVisible();
  expect(new URL(joining.url()).hash).toBe("");
  await context.close();

  const late = await browser.newContext({ locale: "en-US" });
  const again = await late.newPage();
  await again.goto(address);
  await again.getByLabel("First name").fill("Mallory");
  await again.getByLabel("New password").fill(PASSWORD);
  await again.getByRole("button", { name: "Join" }).click();
  await expect(again.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();
  await late.close();
});
