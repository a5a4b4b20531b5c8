// What everybody is told: written, talked about, corrected, closed and taken away, and others see it as it happens.

import { expect, test, url } from "./world";

test("an announcement is talked about, corrected and closed, and is gone for everybody once it is deleted", async ({
  world: { hannah, irene },
}) => {
  const words = `The yard is closed on day ${Date.now() % 1_000_000}`;
  const page = await hannah.at("/announcements");
  const other = await irene.at("/announcements");
  await page.locator("[contenteditable=true]").first().fill(words);
  await page.getByRole("button", { name: "Announce" }).click();
  const card = other.getByRole("article").filter({ hasText: words });
  await expect(card).toBeVisible();
  await expect(page.getByRole("article").filter({ hasText: words })).toBeVisible();

  await card.getByRole("link", { name: "Write a comment" }).click();
  await expect(other).toHaveURL(/\/announcements\/\d+$/);
  const said = (text: string) => other.getByRole("listitem").filter({ hasText: text });
  const write = async (text: string) => {
    await other.locator("[contenteditable=true]").last().fill(text);
    await other.getByRole("button", { name: "Send" }).click();
    await expect(said(text)).toBeVisible();
  };
  await write("Al day?");
  await write("And the gate?");
  await said("Al day?").getByRole("button", { name: "More" }).click();
  await other.getByRole("menuitem", { name: "Edit" }).click();
  const editor = other.getByRole("listitem").locator("[contenteditable=true]");
  await expect(editor).toHaveText("Al day?");
  await editor.fill("All day?");
  await other.getByRole("button", { name: "Save" }).click();
  await expect(said("All day?")).toBeVisible();

  await page.goto(other.url());
  await expect(page.getByRole("listitem").filter({ hasText: "All day?" })).toBeVisible();
  // Whoever may close what others announce may take their words away as well.
  await page
    .getByRole("listitem")
    .filter({ hasText: "And the gate?" })
    .getByRole("button", { name: "More" })
    .click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page
    .getByRole("dialog", { name: "Delete this comment?" })
    .getByRole("button", { name: "Delete" })
    .click();
  await expect(said("And the gate?")).toHaveCount(0);
  const own = page.getByRole("article").first();
  await own.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await own.locator("[contenteditable=true]").fill(`${words}, all day`);
  await own.getByRole("button", { name: "Save" }).click();
  await expect(other.getByRole("article").getByText(`${words}, all day`)).toBeVisible();
  await own.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Close for comments" }).click();
  await expect(other.getByText("No more comments are taken here.")).toBeVisible();
  await expect(other.getByRole("button", { name: "Send" })).toHaveCount(0);
  await own.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(`${url}/announcements`);
  await other.goto(`${url}/announcements`);
  await expect(other.getByRole("heading", { name: "Announcements" })).toBeVisible();
  await expect(other.getByText(words)).toHaveCount(0);
});

test("who is told of an announcement reads its words and is led to it, and it counts as read where it was read", async ({
  world: { hannah, tom },
}) => {
  const [first, second] = ["The lift stands still", "The lift goes again"].map(
    (words) => `${words}, notice ${Date.now() % 1_000_000}`,
  );
  const page = await tom.at("/inbox");
  const { announcement } = await hannah.api<{ announcement: { id: number } }>("POST", "/v4/announcements", {
    text: first,
  });
  await page.getByRole("button", { name: /^Notifications/ }).click();
  const told = (words: string | undefined) => page.locator("#content a").filter({ hasText: words });
  await expect(told(first)).toContainText("Unread");
  await expect(told(first)).toContainText(hannah.name);
  await expect(told(first)).not.toHaveAttribute("aria-current");
  const reads = () =>
    page.waitForResponse((answer) => answer.url().endsWith("/v4/notifications/read") && answer.ok());
  const one = reads();
  await told(first).click();
  await expect(page).toHaveURL(`${url}/announcements/${announcement.id}`);
  await expect(page.getByRole("article").filter({ hasText: first })).toBeVisible();
  await one;
  // A newer one is not read by that, but by looking at all of them.
  await hannah.api("POST", "/v4/announcements", { text: second });
  await page.goBack();
  await page.getByRole("button", { name: /^Notifications/ }).click();
  await expect(told(second)).toContainText("Unread");
  await expect(told(first)).toBeVisible();
  await expect(told(first)).not.toContainText("Unread");
  const all = reads();
  await page.getByRole("link", { name: "Announcements", exact: true }).click();
  await expect(page.getByRole("article").filter({ hasText: second })).toBeVisible();
  await all;
  await page.goBack();
  await page.getByRole("button", { name: /^Notifications/ }).click();
  await expect(told(second)).toBeVisible();
  await expect(told(second)).not.toContainText("Unread");
});
