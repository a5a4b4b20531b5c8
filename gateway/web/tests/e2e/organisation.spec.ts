// Who administers: many members at once, departments that move, roles, catalogs that are filled from workbooks, and a step that opens a
// task of another form.

import type { Page } from "@playwright/test";
import { carry, expect, type Somebody, test, url } from "./world";

/** Names of this story alone: the server may have seen it before. */
const mark = () => `${Date.now() % 10_000_000}`;

interface Member {
  id: number;
  position?: string;
  department_id?: number;
  rights: number;
  banned?: boolean;
}

test("two members are moved, renamed, given a right and blocked in one go each", async ({
  world: { hannah },
}) => {
  const name = `Quill${mark()}`;
  const made = (first_name: string) =>
    hannah.api<Member>("POST", "/v4/members", {
      email: `${first_name}.${name}@example.com`.toLowerCase(),
      first_name,
      last_name: name,
    });
  const ids = [(await made("Ada")).id, (await made("Bea")).id];
  const { id: department } = await hannah.api<{ id: number }>("PUT", "/v4/orgchart", {
    department_name: `Pens ${name}`,
  });
  const page = await hannah.at("/administration/members");
  await page.getByRole("searchbox", { name: "Search" }).fill(name);
  await expect(page.getByRole("row")).toHaveCount(3);
  const bar = page.getByRole("region", { name: "2 chosen" });
  const all = () => page.getByRole("checkbox", { name: "All" }).check();
  const dialog = page.getByRole("dialog");
  const members = () => Promise.all(ids.map((id) => hannah.api<Member>("GET", `/v4/members/${id}`)));

  await all();
  await bar.getByRole("button", { name: "Department" }).click();
  await dialog.getByRole("combobox", { name: "Department" }).selectOption({ label: `Pens ${name}` });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("2 members changed")).toBeVisible();
  await expect(page.getByRole("cell", { name: `Pens ${name}` })).toHaveCount(2);

  await all();
  await bar.getByRole("button", { name: "Position" }).click();
  await dialog.getByLabel("Position").fill("Scribe");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("cell", { name: "Scribe" })).toHaveCount(2);

  const before = await members();
  await all();
  await bar.getByRole("button", { name: "Give a right" }).click();
  await expect(dialog.getByRole("button", { name: "Give a right" })).toBeDisabled();
  await dialog.getByRole("combobox", { name: "Right" }).selectOption({ label: "Invitations" });
  await dialog.getByRole("button", { name: "Give a right" }).click();
  await expect(page.getByText("1 right more")).toHaveCount(2);
  for (const [at, { position, department_id, rights }] of (await members()).entries()) {
    expect({ position, department_id }).toEqual({ position: "Scribe", department_id: department });
    expect(rights).toBeGreaterThan(before[at]?.rights ?? 0);
  }

  await all();
  await bar.getByRole("button", { name: "Block" }).click();
  await dialog.getByRole("button", { name: "Block" }).click();
  await expect(page.getByText("Nobody is found").or(page.getByText("Search for less"))).toBeVisible();
  await page.getByRole("combobox", { name: "State" }).selectOption({ label: "Blocked" });
  await expect(page.getByRole("row")).toHaveCount(3);
  expect((await members()).map(({ banned }) => banned)).toEqual([true, true]);
});

test("a department is dragged into another, taken back to the top by choice, and deleted once nothing is below", async ({
  world: { hannah },
}) => {
  const of = mark();
  const make = (what: string, parent_id = 0) =>
    hannah.api<{ id: number }>("PUT", "/v4/orgchart", { department_name: `${of} ${what}`, parent_id });
  const { id: yard } = await make("Yard");
  const { id: crane } = await make("Crane");
  const parent = async () => {
    const { departments } = await hannah.api<{ departments: { id: number; parent_id?: number }[] }>(
      "GET",
      "/v4/orgchart",
    );
    return departments.find(({ id }) => id === crane)?.parent_id ?? 0;
  };
  const page = await hannah.at("/administration/departments");
  const row = (what: string) => page.getByRole("listitem").filter({ hasText: `${of} ${what}` });
  await row("Yard").scrollIntoViewIfNeeded();
  await carry(page, row("Crane").locator("[aria-hidden=true]").first(), row("Yard"), 12);
  await expect(page.getByText(`${of} Crane is now part of ${of} Yard`)).toBeVisible();
  expect(await parent()).toBe(yard);
  // What has others below it is not deleted.
  const remove = async (what: string) => {
    await page.getByRole("button", { name: `More: ${of} ${what}` }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    return page.getByRole("dialog");
  };
  const refused = await remove("Yard");
  await expect(refused).toContainText("Move or delete what is below it first.");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: `More: ${of} Crane` }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog", { name: `${of} Crane` });
  await expect(dialog.getByLabel("Part of").getByRole("option", { name: `${of} Crane` })).toHaveCount(0);
  await dialog.getByLabel("Part of").selectOption({ label: "The whole organisation" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Department saved")).toBeVisible();
  expect(await parent()).toBe(0);
  await (await remove("Yard")).getByRole("button", { name: "Delete" }).click();
  await expect(row("Yard")).toHaveCount(0);
  await expect(row("Crane")).toHaveCount(1);
});

test("a role is made, changed and deleted, and who may do so is a right that is given", async ({
  world: { hannah, irene, tom, lucas },
}) => {
  const name = `Keepers ${mark()}`;
  const page = await hannah.at(`/administration/members/${lucas.id}`);
  const right = page.getByRole("switch", { name: /^Roles/ });
  await right.click();
  await expect(page.getByText("Given: Roles.")).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Given: Roles.")).toHaveCount(0);

  const own = await lucas.at("/administration/roles");
  const choose = async (dialog: ReturnType<Page["getByRole"]>, who: Somebody) => {
    await dialog.getByRole("combobox", { name: "Members" }).fill(who.name);
    await own.getByRole("option", { name: new RegExp(who.name) }).click();
  };
  await own.getByRole("button", { name: "New role" }).first().click();
  const made = own.getByRole("dialog", { name: "New role" });
  await made.getByLabel("Name").fill(name);
  await choose(made, irene);
  await choose(made, tom);
  await made.getByRole("button", { name: "Save" }).click();
  await expect(own.getByText("Role saved")).toBeVisible();
  const row = own.getByRole("listitem").filter({ hasText: name });
  await expect(row).toContainText(`${irene.name} and ${tom.name}`);

  await row.getByRole("button", { name: "Edit" }).click();
  const changed = own.getByRole("dialog", { name });
  await changed.getByRole("button", { name: `Remove: ${irene.name}` }).click();
  await changed.getByRole("button", { name: "Save" }).click();
  await expect(row).not.toContainText(irene.name);
  await expect(row).toContainText(tom.name);

  await row.getByRole("button", { name: `More: ${name}` }).click();
  await own.getByRole("menuitem", { name: "Delete" }).click();
  await own.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(row).toHaveCount(0);

  await right.click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Taken: Roles.")).toHaveCount(0);
  await own.goto(`${url}/administration/roles`);
  await expect(own.getByText("There is nothing for you to administer")).toBeVisible();
});

test("a row is deleted and brought back, and a workbook is laid over what there is", async ({
  world: { hannah },
}) => {
  const { catalog_id: catalog } = await hannah.api<{ catalog_id: number }>("PUT", "/v4/catalogs", {
    name: `Tools ${mark()}`,
    catalog_headers: ["What", "Pieces"],
    items: [{ values: ["Hammer", "3"] }, { values: ["Saw", "1"] }],
  });
  const items = async () => {
    const { items: all } = await hannah.api<{ items?: { values: string[] }[] }>(
      "GET",
      `/v4/catalogs/${catalog}`,
    );
    return (all ?? []).map(({ values }) => values.join(" ")).sort();
  };
  // A register gives a workbook: that of a form with the same two columns.
  const { id: form } = await hannah.api<{ id: number }>("POST", "/v4/forms", {
    name: `Counted ${mark()}`,
    definition: {
      fields: [
        { id: 1, name: "What", type: "text", in_title: true },
        { id: 2, name: "Pieces", type: "number" },
      ],
      steps: [{ name: "Count", approvers: [{ who: "author" }], rule: "everyone" }],
    },
  });
  for (const [what, pieces] of [
    ["Hammer", 4],
    ["Drill", 2],
  ])
    await hannah.task("", {
      form_id: form,
      fields: [
        { id: 1, value: what },
        { id: 2, value: pieces },
      ],
    });

  const page = await hannah.at(`/administration/catalogs/${catalog}`);
  const apply = async () => {
    await page.getByRole("button", { name: "Apply" }).click();
    await expect(page.getByText("The changes are applied.").first()).toBeVisible();
  };
  const row = page.getByRole("row").filter({ hasText: "Saw" });
  await row.getByRole("button", { name: "Delete the row" }).click();
  await apply();
  expect(await items()).toEqual(["Hammer 3"]);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Deleted rows" }).click();
  const deleted = page.getByRole("dialog", { name: "Deleted rows" });
  await expect(deleted).toContainText("Saw");
  await deleted.getByRole("button", { name: "Bring back" }).click();
  await expect(row).toBeVisible();
  await apply();
  await expect.poll(items).toEqual(["Hammer 3", "Saw 1"]);

  const book = await page.request.get(`${url}/v4/forms/${form}/register?format=xlsx`);
  await page.getByRole("button", { name: "Import a file" }).click();
  await page
    .getByLabel("Choose a file")
    .last()
    .setInputFiles({
      name: "counted.xlsx",
      mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      buffer: await book.body(),
    });
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel(/What$/)).toHaveValue("c0");
  await expect(dialog.getByLabel(/Pieces$/)).toHaveValue("c1");
  await dialog.getByRole("button", { name: "Show what would change" }).click();
  await expect(dialog.getByRole("tab", { name: /New/ })).toContainText("1");
  await dialog.getByRole("tab", { name: /Changed/ }).click();
  await expect(dialog).toContainText("Hammer");
  await dialog.getByRole("button", { name: "Apply" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("row").filter({ hasText: "Drill" })).toContainText("2");
  expect(await items()).toEqual(["Drill 2", "Hammer 4", "Saw 1"]);
});

test("a step hands fields to a task of another form and takes its result back", async ({
  world: { hannah },
}) => {
  const of = mark();
  const author = [{ who: "author" }];
  const form = async (name: string, definition: object) =>
    (await hannah.api<{ id: number }>("POST", "/v4/forms", { name: `${name} ${of}`, definition })).id;
  const coded = (id: number, name: string, code: string) => ({ id, name, code, type: "text" });
  const inner = await form("Purchase", {
    fields: [coded(1, "Thing", "u_thing"), coded(2, "Found at", "u_found")],
    steps: [{ name: "Buy", approvers: [{ who: { person: hannah.id } }] }],
  });
  const outer = await form("Request", {
    fields: [coded(1, "Wanted", "u_wanted"), coded(2, "Comes from", "u_from")],
    steps: [
      { name: "Ask", approvers: author },
      { name: "Have it bought" },
      { name: "Look", approvers: author },
    ],
  });
  const page = await hannah.at(`/administration/forms/${outer}`);
  await page.getByRole("tab", { name: "Route" }).click();
  await page.getByRole("button", { name: "Have it bought", exact: true }).click();
  const step = page.getByRole("complementary", { name: "Properties" });
  await step
    .getByRole("combobox", { name: "Opens a task of another form" })
    .selectOption({ label: `Purchase ${of}` });
  await step.getByRole("checkbox", { name: "Waits until that task has ended" }).check();
  const pair = async (list: string, from: string, to: string) => {
    await step.getByRole("combobox", { name: list }).selectOption({ label: "Chosen fields" });
    await step.getByRole("button", { name: "Add a pair" }).last().click();
    await step.getByRole("combobox", { name: "From", exact: true }).last().selectOption({ label: from });
    await step.getByRole("combobox", { name: "To", exact: true }).last().selectOption({ label: to });
  };
  await pair("What goes along", "Wanted", "Thing");
  await pair("What comes back", "Found at", "Comes from");
  await expect(page.getByRole("status").filter({ hasText: "Draft saved" })).toBeVisible();
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Publish version/ })
    .click();
  await expect(page.getByText(/^Version \d+ is published/)).toBeVisible();

  const asked = await hannah.task("", { form_id: outer, fields: [{ id: 1, value: "A long rope" }] });
  const opened = async () => {
    const { tasks } = await hannah.api<{ tasks?: { id: number }[] }>("GET", `/v4/forms/${inner}/register`);
    return tasks?.[0]?.id;
  };
  await expect.poll(opened).toBeTruthy();
  await page.goto(`${url}/tasks/${await opened()}`);
  const facts = page.getByRole("article").getByRole("complementary");
  await expect(facts).toContainText("A long rope");
  await expect(facts.locator(`a[href="/tasks/${asked}"]`)).toBeVisible();
  await facts.getByRole("button", { name: /Found at/ }).click();
  await facts.getByRole("textbox", { name: "Found at" }).fill("The harbour");
  await facts.getByRole("button", { name: "Save" }).click();
  await expect(facts.getByText("The harbour")).toBeVisible();
  await page.getByRole("button", { name: "Approve", exact: true }).click();
  await page.goto(`${url}/tasks/${asked}`);
  await expect(facts).toContainText("The harbour");
  await expect(page.getByText("“Look” waits for your decision")).toBeVisible();
});

test("the organisation is renamed and moved to another zone by who may, and nobody else is offered it", async ({
  world: { hannah, tom },
}) => {
  const before = await hannah.api<{ name: string; time_zone: string }>("GET", "/v4/organization");
  const page = await hannah.at("/administration/organization");
  const save = page.getByRole("button", { name: "Save" });
  await expect(page.getByLabel("Name")).toHaveValue(before.name);
  await expect(save).toBeDisabled();
  await page.getByLabel("Name").fill(" ");
  await save.click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByLabel("Name").fill(`${before.name} & Co`);
  await page.getByRole("combobox", { name: "Time zone" }).selectOption("Asia/Almaty");
  await save.click();
  await expect(page.getByText("Saved")).toBeVisible();
  await expect(save).toBeDisabled();
  const after = await tom.api<{ name: string; time_zone: string }>("GET", "/v4/organization");
  expect(after).toMatchObject({ name: `${before.name} & Co`, time_zone: "Asia/Almaty" });
  // Others go by it: as it was.
  await hannah.api("PUT", "/v4/organization", before);

  const other = await tom.at("/administration");
  await expect(other.getByRole("heading").first()).toBeVisible();
  await expect(other.getByRole("link", { name: "Organisation", exact: true })).toHaveCount(0);
});
