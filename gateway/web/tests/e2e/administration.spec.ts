// What an administrator keeps running: programs that take part, the servers, and tables that other systems fill.

import { expect, PHONE, test, url } from "./world";

const mark = () => `${Date.now() % 10_000_000}`;

test("a bot is made, signs in by its key, is switched off, and is dismissed", async ({
  request,
  world: { hannah, lucas },
}) => {
  const name = `Courier ${mark()}`;
  const page = await hannah.at("/administration/bots");
  await page.getByRole("button", { name: "New bot" }).waitFor();
  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Address").fill("https://127.0.0.1/hook");
  await dialog.getByRole("button", { name: "Save" }).click();
  // Its key comes next, and is shown once.
  await page.getByRole("dialog").getByRole("button", { name: "Issue a key" }).click();
  const shown = page.getByRole("dialog", { name: "Security key" });
  await expect(shown.locator("code")).toHaveCount(2);
  const [login = "", key = ""] = await shown.locator("code").allTextContents();
  const signsIn = () =>
    request.post(`${url}/v4/auth`, { data: { login: login.trim(), security_key: key.trim() } });
  expect((await signsIn()).status()).toBe(200);
  await shown.getByRole("button", { name: "I have put it away" }).click();
  const row = page.getByRole("listitem").filter({ hasText: name });
  await expect(row).toContainText("On");

  // It is one of those that tasks can be given to.
  const { bots = [] } = await hannah.api<{ bots?: { id: number; name: string }[] }>("GET", "/v4/bots");
  const bot = bots.find((one) => one.name === name)?.id ?? 0;
  const task = await hannah.task("Carry the parcel", { responsible: { id: bot } });
  const reading = await hannah.at(`/tasks/${task}`);
  await expect(reading.getByText(name).first()).toBeVisible();

  const choose = async (what: string) => {
    await row.getByRole("button", { name: `More: ${name}` }).click();
    await page.getByRole("menuitem", { name: what }).click();
  };
  await choose("Edit");
  await dialog.getByText("Switched on").click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("Off");
  await choose("Dismiss");
  await page.getByRole("dialog").getByRole("button", { name: "Dismiss" }).click();
  await expect(row).toHaveCount(0);
  expect((await signsIn()).status()).toBe(401);

  const other = await lucas.at("/administration/bots");
  await expect(other.getByText("There is nothing for you to administer")).toBeVisible();
});

test("an administrator sees the servers, what each does, and how far every view is", async ({
  world: { hannah, lucas },
}) => {
  const page = await hannah.at("/administration/nodes", PHONE);
  const server = page.getByRole("listitem").filter({ hasText: "You are connected to this one" });
  await expect(server).toContainText("Active");
  await expect(server).toContainText("100 % of the work");
  for (const view of ["tasks", "inbox", "directory"])
    await expect(page.getByRole("row").filter({ hasText: new RegExp(`^${view}`) })).toContainText(
      /Up to date|event/,
    );
  await expect(page.getByRole("row").filter({ hasText: "Search" })).toContainText(/document/);
  const stranger = await lucas.at("/administration/nodes");
  await expect(stranger.getByText("There is nothing for you to administer")).toBeVisible();
});

test("a list of another system takes a catalog's place, once the difference was looked at", async ({
  world: { hannah },
}) => {
  const { catalog_id: catalog } = await hannah.api<{ catalog_id: number }>("PUT", "/v4/catalogs", {
    name: `Vendors ${mark()}`,
    catalog_headers: ["Vendor", "City"],
    items: [{ values: ["Acme", "Riga"] }, { values: ["Quince Ltd", "Oslo"] }],
  });
  const page = await hannah.at(`/administration/catalogs/${catalog}`);
  await page.getByRole("row").filter({ hasText: "Acme" }).waitFor();
  await page.keyboard.press("i");
  const dialog = page.getByRole("dialog");
  const choose = (text: string) =>
    page
      .getByLabel("Choose a file")
      .last()
      .setInputFiles({ name: "vendors.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  // An empty file is no table.
  await choose("");
  await expect(dialog.getByRole("alert")).toHaveText("This file cannot be read as a table.");
  // Semicolons, a quoted line end, columns in another order under other names, and what a spreadsheet would reckon.
  await choose('Town;Vendor;Rating\n"Tartu\nEstonia";Acme;=1+1\nBergen;<b>Pears</b>;5\n');
  await expect(dialog.getByLabel(/Vendor$/)).toHaveValue("c0");
  await dialog.getByLabel(/Town$/).selectOption({ label: "City" });
  await dialog.getByLabel(/Rating$/).selectOption({ label: "A new column" });
  await dialog.getByLabel("Rows that the file does not have").selectOption("replace");
  await dialog.getByRole("button", { name: "Show what would change" }).click();
  await expect(dialog).toContainText("Rating");
  await expect(dialog.getByRole("tab", { name: /New/ })).toContainText("1");
  await expect(dialog).toContainText("<b>Pears</b>");
  await dialog.getByRole("tab", { name: /Changed/ }).click();
  await expect(dialog).toContainText("Riga");
  await dialog.getByRole("tab", { name: /deleted/i }).click();
  await expect(dialog).toContainText("Quince Ltd");
  const held = async () => {
    const answer = await hannah.api<{
      catalog_headers: { name: string }[];
      items?: { values: string[] }[];
    }>("GET", `/v4/catalogs/${catalog}`);
    return [
      answer.catalog_headers.map((header) => header.name),
      ...(answer.items ?? []).map(({ values }) => values),
    ].sort();
  };
  // Nothing of it has happened yet.
  expect(await held()).toHaveLength(3);
  await dialog.getByRole("button", { name: "Apply" }).click();
  await expect(dialog).toHaveCount(0);
  expect(await held()).toEqual(
    [
      ["Vendor", "City", "Rating"],
      ["<b>Pears</b>", "Bergen", "5"],
      ["Acme", "Tartu\nEstonia", "=1+1"],
    ].sort(),
  );
});
