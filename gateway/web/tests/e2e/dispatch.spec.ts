// A dispatcher's day in a register: what is asked of it is narrowed, kept and shared, cells and whole rows are changed, the result goes
// into files, cards go from step to step, and what others do comes in meanwhile.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import Papa from "papaparse";
import { readSheet } from "read-excel-file/node";
import { carry, expect, type Somebody, test } from "./world";

interface Dispatch {
  form: number;
  /** Ids of tasks by what they are about. */
  tasks: Map<string, number>;
}

/** Repairs that wait at the intake, which Hannah passes on to Tom; the sink is with him already. */
async function repairs(hannah: Somebody, irene: Somebody, tom: Somebody): Promise<Dispatch> {
  const person = ({ id }: Somebody) => [{ who: { person: id } }];
  const definition = {
    fields: [
      { id: 1, name: "What", type: "text", in_title: true },
      {
        id: 2,
        name: "Urgency",
        type: "multiple_choice",
        options: [
          { choice_id: 1, choice_value: "High" },
          { choice_id: 2, choice_value: "Low" },
        ],
      },
      { id: 3, name: "Hours", type: "number" },
    ],
    steps: [
      { name: "Intake", approvers: person(hannah), rule: "everyone" },
      { name: "Repair", approvers: person(tom), rule: "everyone" },
    ],
  };
  const name = `Repairs ${Date.now() % 1_000_000}`;
  const { id: form } = await hannah.api<{ id: number }>("POST", "/v4/forms", { name, definition });
  await hannah.api("POST", `/v4/forms/${form}/permissions`, {
    permissions: { [irene.id]: "manager", [tom.id]: "member" },
  });
  const tasks = new Map<string, number>();
  for (const [what, urgency, hours] of [
    ["Lamp", 1, 2],
    ["Door", 2, 5],
    ["Lift", 1, 8],
    ['The "old" sink, left', 2, 1.5],
  ] as const)
    tasks.set(
      what,
      await irene.task("", {
        form_id: form,
        fields: [
          { id: 1, value: what },
          { id: 2, value: { choice_id: urgency } },
          { id: 3, value: hours },
        ],
      }),
    );
  await hannah.api("POST", `/v4/tasks/${tasks.get('The "old" sink, left')}/comments`, {
    approval_choice: "approved",
  });
  return { form, tasks };
}

const row = (page: Page, what: string) => page.getByRole("row").filter({ hasText: what });
/** What the register shows, from the top. */
const shown = (page: Page): Promise<string[]> =>
  page
    .getByRole("row")
    .filter({ has: page.getByRole("gridcell") })
    .allTextContents();
const named = (...names: string[]) => names.map((name) => expect.stringContaining(name));

test("a register is narrowed, sorted, kept as a view, and the view is shared", async ({
  world: { hannah, irene, tom },
}) => {
  const { form } = await repairs(hannah, irene, tom);
  const page = await hannah.at(`/forms/${form}`);
  await expect(row(page, "Lift")).toBeVisible();
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("dialog", { name: "Add a filter" }).getByRole("button", { name: "Steps" }).click();
  await expect(row(page, "sink")).toHaveCount(0);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("dialog", { name: "Add a filter" }).getByRole("button", { name: "Urgency" }).click();
  await page.getByRole("checkbox", { name: "High" }).check();
  await page.keyboard.press("Escape");
  await expect(row(page, "Door")).toHaveCount(0);
  await expect(page.getByRole("status").filter({ hasText: "2 tasks" })).toBeVisible();
  const hours = page.getByRole("columnheader", { name: /^Hours/ });
  await hours.getByRole("button").click();
  await expect(hours).toHaveAttribute("aria-sort", "ascending");
  await expect.poll(() => shown(page)).toEqual(named("Lamp", "Lift"));
  await hours.getByRole("button").click();
  await expect(hours).toHaveAttribute("aria-sort", "descending");
  await expect.poll(() => shown(page)).toEqual(named("Lift", "Lamp"));

  await page.getByRole("button", { name: /^All open/ }).click();
  await page.getByRole("menuitem", { name: "Save as a view" }).click();
  const dialog = page.getByRole("dialog", { name: "Save as a view" });
  await dialog.getByRole("textbox", { name: /^Name of the view/ }).fill("Urgent at the intake");
  await dialog.getByRole("combobox", { name: "Who sees it" }).selectOption({ label: "Everybody" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Urgent at the intake" })).toBeVisible();

  const other = await irene.at(`/forms/${form}`);
  await expect(row(other, "sink")).toBeVisible();
  await other.getByRole("button", { name: /^All open/ }).click();
  await other.getByRole("menuitem", { name: /^Urgent at the intake/ }).click();
  await expect.poll(() => shown(other)).toEqual(named("Lift", "Lamp"));
  await expect(other.getByRole("button", { name: /Intake/ })).toBeVisible();
});

test("cells and rows are changed, others' changes come in, and files hold what is shown", async ({
  world: { hannah, irene, tom },
}) => {
  const { form, tasks } = await repairs(hannah, irene, tom);
  const page = await hannah.at(`/forms/${form}`);
  await row(page, "Lamp").getByRole("gridcell").filter({ hasText: /^2$/ }).dblclick();
  const editor = page.getByRole("dialog", { name: "Change: Hours" });
  await editor.getByRole("textbox").fill("3,25");
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(
    row(page, "Lamp")
      .getByRole("gridcell")
      .filter({ hasText: /^3\.25$/ }),
  ).toBeVisible();

  // Two rows at once, at different steps.
  await page.getByRole("checkbox", { name: /Choose .*Door/ }).check();
  await page.getByRole("checkbox", { name: /Choose .*sink/ }).check();
  await page.getByRole("button", { name: "Change a field" }).click();
  const bulk = page.getByRole("dialog", { name: "Change a field" });
  await expect(bulk).toContainText("2 tasks will change:");
  await bulk.getByRole("combobox", { name: "Field" }).selectOption({ label: "Urgency" });
  await bulk.getByRole("radio", { name: "High" }).check();
  await bulk.getByRole("button", { name: "Change 2 tasks" }).click();
  const outcome = page.getByRole("dialog", { name: "What became of it" });
  await expect(outcome.getByText("2 of 2 done")).toBeVisible();
  await expect(outcome.getByRole("listitem").filter({ hasText: "Door" })).toContainText("Done");
  await outcome.getByRole("button", { name: "Done" }).click();
  await expect(row(page, "Door")).toContainText("High");

  // Meanwhile somebody else works as well.
  await irene.api("POST", `/v4/tasks/${tasks.get("Lift")}/comments`, {
    field_updates: [{ id: 3, value: 12 }],
  });
  await expect(row(page, "Lift")).toContainText("12");
  await irene.task("", { form_id: form, fields: [{ id: 1, value: "=SUM(A1)" }] });
  await expect(row(page, "=SUM(A1)")).toBeVisible();

  const download = async (kind: string) => {
    await page.getByRole("button", { name: "Export" }).click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: kind }).click(),
    ]);
    return readFile(await file.path());
  };
  const text = (await download("As CSV")).toString("utf8");
  const { data } = Papa.parse<Record<string, string>>(text.replace(/^\uFEFF/, ""), {
    header: true,
    skipEmptyLines: true,
  });
  const about = (what: string) => data.find((line) => line.What?.includes(what));
  expect(data).toHaveLength(5);
  expect(about("sink")).toMatchObject({ What: 'The "old" sink, left', Urgency: "High", Hours: "1.5" });
  expect(about("Lamp")).toMatchObject({ Urgency: "High", Hours: "3.25" });
  // A spreadsheet would compute it.
  expect(about("SUM")?.What).toBe("'=SUM(A1)");
  const sheet = await readSheet(await download("As a workbook"));
  const [head = [], ...lines] = sheet;
  const column = (name: string) => head.indexOf(name);
  expect(lines).toHaveLength(5);
  const sink = lines.find((line) => line[column("What")] === 'The "old" sink, left');
  expect(sink?.[column("Urgency")]).toBe("High");
  expect(sink?.[column("Hours")]).toBe(1.5);
});

test("a card is carried on to the next step, and the charts count it there", async ({
  world: { hannah, irene, tom },
}) => {
  const { form, tasks } = await repairs(hannah, irene, tom);
  const page = await hannah.at(`/forms/${form}`);
  await page.getByRole("tab", { name: "Board" }).click();
  const intake = page.getByRole("region", { name: "Intake" });
  const repair = page.getByRole("region", { name: "Repair" });
  const card = intake.getByRole("button", { name: /Door/ }).first();
  await expect(card).toBeVisible();
  await carry(page, card, repair, 60);
  await expect(repair.getByRole("button", { name: /Door/ }).first()).toBeVisible();
  // By keys alone.
  await intake.getByRole("button", { name: /Lamp/ }).first().focus();
  await page.keyboard.press("Space");
  // It is taken up a moment later.
  await expect(page.getByText("Over: Intake. It stands here")).toHaveCount(1);
  await page.keyboard.press("ArrowRight");
  await expect(page.getByText("Over: Repair")).toHaveCount(1);
  await page.keyboard.press("Space");
  await expect(repair.getByRole("button", { name: /Lamp/ }).first()).toBeVisible();
  // What is not hers to decide stays where it is, and says why.
  await carry(page, repair.getByRole("button", { name: /sink/ }).first(), intake, 60);
  await expect(page.getByText("You are not asked at this step").first()).toBeVisible();
  await expect(repair.getByRole("button", { name: /sink/ }).first()).toBeVisible();

  await page.getByRole("tab", { name: "Charts" }).click();
  const steps = page.getByRole("table", { name: "Tasks by step" });
  await expect(steps.getByRole("row", { name: /Intake/ })).toContainText("1");
  await expect(steps.getByRole("row", { name: /Repair/ })).toContainText("3");
  await expect(
    page.getByRole("table", { name: "Tasks by Urgency" }).getByRole("row", { name: /High/ }),
  ).toContainText("2");
  // A task that is sent on by somebody else is counted there at once.
  await tom.api("POST", `/v4/tasks/${tasks.get("Lamp")}/comments`, { approval_choice: "rejected" });
  await expect(steps.getByRole("row", { name: /Intake/ })).toContainText("2");
});
