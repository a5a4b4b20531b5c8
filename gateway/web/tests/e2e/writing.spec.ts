// How a comment is written: names that are meant, formatting, both by keys alone, and who can read it then.

import { composer, expect, feed, test } from "./world";

test("somebody is meant by name and words are formatted by keys alone, and both arrive", async ({
  world: { hannah, irene, tom },
}) => {
  const id = await hannah.task("Paint the fence");
  const page = await hannah.at(`/tasks/${id}`);
  await composer(page).click();
  const [first = ""] = tom.name.split(" ");
  await page.keyboard.type(`@${first}`);
  const names = page.getByRole("listbox", { name: "Who is meant" });
  await expect(names.getByRole("option", { name: new RegExp(tom.name) })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  // The focus stays where one writes, and says what is chosen.
  await expect(composer(page)).toBeFocused();
  const chosen = await names.getByRole("option", { selected: true }).getAttribute("id");
  await expect(composer(page)).toHaveAttribute("aria-activedescendant", chosen ?? "");
  await page.keyboard.press("Enter");
  await expect(names).toHaveCount(0);
  await expect(composer(page)).not.toHaveAttribute("aria-activedescendant", /./);
  await page.keyboard.type(" before ");
  await page.keyboard.press("Control+b");
  await page.keyboard.type("Friday");
  await page.keyboard.press("Control+b");
  await page.keyboard.press("Enter");
  await page.keyboard.type("- the gate");
  await page.keyboard.press("Enter");
  await page.keyboard.type("the <b>posts</b>");
  const sent = page.waitForResponse((answer) => answer.url().endsWith(`/v4/tasks/${id}/comments`));
  await page.keyboard.press("Control+Enter");
  expect((await sent).ok()).toBe(true);
  await expect(feed(page).locator("strong, b").filter({ hasText: "Friday" })).toBeVisible();
  await expect(feed(page).getByRole("listitem").filter({ hasText: "the <b>posts</b>" }).last()).toBeVisible();

  // Who is meant sees it in the inbox, formatted as it was, and is why they see it.
  const other = await tom.at("/inbox");
  await other.locator(`#content a[href="/inbox/${id}"]`).click();
  await expect(feed(other).locator("strong, b").filter({ hasText: "Friday" })).toBeVisible();
  await expect(feed(other).getByText(tom.name).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "More", exact: true }).first().click();
  await page.getByRole("menuitem", { name: "Who can see this" }).click();
  const seen = page.getByRole("dialog", { name: "Who can see this" });
  await expect(seen.getByRole("listitem").filter({ hasText: tom.name })).toContainText("Follower");
  await expect(seen.getByRole("listitem").filter({ hasText: hannah.name })).toContainText("Author");
  await expect(seen.getByRole("listitem").filter({ hasText: irene.name })).toHaveCount(0);
});
