// The longest and worst names that the server takes, in everything that has a name: shown as text wherever they appear, and nothing
// scrolls sideways with a thumb.

import type { Page } from "@playwright/test";
import { expect, PHONE, type Somebody, test, url } from "./world";

const MARK = `<img src=x onerror="document.title='broken in'">`;
/** Markup, quotes, what has no width, what is read from the right, a family, and no place to break; 200 characters at most. */
const nasty = (what: string) =>
  [...`${what}${MARK}'"\u200b\u200d שלום עולם 👨‍👩‍👧‍👦 ${"W".repeat(200)}`]
    .slice(0, 150)
    .join("")
    .slice(0, 200);

interface Made {
  form: number;
  task: number;
  catalog: number;
  member: number;
}

let made: Made | undefined;
async function everything(hannah: Somebody, irene: Somebody): Promise<Made> {
  if (made) return made;
  const stamp = Date.now() % 1_000_000;
  const { id: department } = await hannah.api<{ id: number }>("PUT", "/v4/orgchart", {
    department_name: nasty(`D${stamp}`),
  });
  const { id: member } = await hannah.api<{ id: number }>("POST", "/v4/members", {
    first_name: nasty(`F${stamp}`),
    last_name: nasty("L"),
    position: nasty("P"),
    department_id: department,
    email: `nasty.${stamp}@example.com`,
  });
  await hannah.api("POST", "/v4/roles", { name: nasty(`R${stamp}`), member_add: [member, hannah.id] });
  const { catalog_id: catalog } = await hannah.api<{ catalog_id: number }>("PUT", "/v4/catalogs", {
    name: nasty(`C${stamp}`),
    catalog_headers: [nasty("1"), nasty("2")],
    items: [{ values: [nasty("a"), `${MARK}${"x".repeat(450)}`] }],
  });
  const definition = {
    fields: [
      { id: 1, name: nasty("T"), type: "text", in_title: true },
      {
        id: 2,
        name: nasty("M"),
        type: "multiple_choice",
        options: [
          { choice_id: 1, choice_value: nasty("A") },
          { choice_id: 2, choice_value: nasty("B") },
        ],
      },
      { id: 3, name: nasty("C"), type: "catalog", catalog_id: catalog },
      { id: 4, name: nasty("W"), type: "person" },
    ],
    steps: [
      { name: nasty("S"), approvers: [{ who: { person: hannah.id } }], rule: "everyone" },
      {
        name: nasty("Z"),
        approvers: [{ who: "author" }],
        rule: "everyone",
        condition: `#1 = "${"x".repeat(300)}"`,
      },
    ],
  };
  const { id: form } = await hannah.api<{ id: number }>("POST", "/v4/forms", {
    name: nasty(`N${stamp}`),
    folder: [nasty("O")],
    definition,
  });
  await hannah.api("POST", `/v4/forms/${form}/permissions`, { permissions: { [irene.id]: "member" } });
  const task = await irene.task("", {
    form_id: form,
    fields: [
      { id: 1, value: `${MARK}${"y".repeat(1000)}` },
      { id: 2, value: { choice_id: 1 } },
      { id: 3, value: { item_name: nasty("a") } },
      { id: 4, value: { id: member } },
    ],
  });
  await irene.api("POST", `/v4/tasks/${task}/comments`, {
    formatted_text: `<span data-type="user-mention" data-userid="${hannah.id}">H</span> ${"z".repeat(2000)}`,
    subscribers_added: [{ id: member }],
  });
  made = { form, task, catalog, member };
  return made;
}

/** What may be wider than the screen: it is made to be moved by itself. */
const MOVES = "[role=grid], [role=tablist], section:has(> header ~ ul)";

/** What is wrong with what the page shows. */
async function wrongWith(page: Page, at: string): Promise<string[]> {
  return page.evaluate(
    ([at, moves]) => {
      const wrong = new Set<string>();
      const root = document.documentElement;
      if (root.scrollWidth > root.clientWidth) wrong.add(`${at}: scrolls sideways`);
      if (document.querySelector("[onerror], img[src='x'], a[href^='javascript' i]"))
        wrong.add(`${at}: markup came alive`);
      if (document.title === "broken in") wrong.add(`${at}: a script ran`);
      // Text that goes on past the edge, and where no dots say so.
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        const holder = text.parentElement;
        if (!holder?.checkVisibility() || holder.closest(`${moves}, .hidden, script, style`)) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        const { right, width } = range.getBoundingClientRect();
        if (width === 0 || right <= root.clientWidth + 1) continue;
        let dots = false;
        for (let one: Element | null = holder; one && !dots; one = one.parentElement)
          dots = getComputedStyle(one).textOverflow === "ellipsis";
        if (!dots)
          wrong.add(
            `${at}: ${holder.parentElement?.className} > ${holder.tagName} ${holder.className} is cut`,
          );
      }
      return [...wrong];
    },
    [at, MOVES] as const,
  );
}

/** `paths`: where, and what shows there once it has opened. */
async function walk(
  page: Page,
  paths: Record<string, string | [path: string, shows: string]>,
): Promise<string[]> {
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  for (const [name, place] of Object.entries(paths)) {
    const [path, shows = "<img src=x"] = typeof place === "string" ? [place] : place;
    await page.goto(`${url}${path}`);
    await expect(page.locator("#content [aria-busy=true], #content [data-opening]")).toHaveCount(0);
    await expect(page.locator("#content"), name).toContainText(shows);
    wrong.push(...(await wrongWith(page, name)));
    if (process.env.NASHI_PICTURES)
      await page.screenshot({ path: `${process.env.NASHI_PICTURES}/hostile-${name}.png` });
  }
  return wrong;
}

test("whoever works with such names reads them, at 360 px", async ({ world: { hannah, irene } }) => {
  const { form, task, member } = await everything(hannah, irene);
  const page = await (await hannah.browser(PHONE)).newPage();
  const wrong = await walk(page, {
    forms: "/forms",
    new: "/new",
    "new-of-form": `/new/${form}`,
    register: `/forms/${form}`,
    task: `/tasks/${task}`,
    inbox: "/inbox",
    people: "/people",
    chart: "/people/chart",
    roles: "/people/roles",
    person: `/people/${member}`,
    search: "/search?q=onerror",
  });
  expect(wrong).toEqual([]);
});

test("whoever administers them reads them, at 360 px", async ({ world: { hannah, irene } }) => {
  const { form, catalog, member } = await everything(hannah, irene);
  const page = await (await hannah.browser(PHONE)).newPage();
  const designer = `/administration/forms/${form}`;
  const wrong = await walk(page, {
    "administration-forms": "/administration/forms",
    designer,
    route: [`${designer}/route`, "Somebody fills in the form"],
    try: [`${designer}/try`, "Filled in by"],
    versions: [`${designer}/versions`, "As it was"],
    access: [`${designer}/access`, "Business owners"],
    catalogs: "/administration/catalogs",
    catalog: `/administration/catalogs/${catalog}`,
    departments: "/administration/departments",
    "administration-roles": "/administration/roles",
    member: `/administration/members/${member}`,
  });
  expect(wrong).toEqual([]);
});

test("lists to choose from, the board, the palette and notifications show them as text", async ({
  world: { hannah, irene },
}) => {
  const { form } = await everything(hannah, irene);
  const page = await hannah.at(`/forms/${form}`, PHONE);
  const wrong: string[] = [];
  const look = async (at: string) => {
    wrong.push(...(await wrongWith(page, at)));
    if (process.env.NASHI_PICTURES)
      await page.screenshot({ path: `${process.env.NASHI_PICTURES}/hostile-${at}.png` });
  };
  await page.getByRole("tab", { name: "Charts" }).click();
  await expect(page.getByRole("table", { name: "Tasks by step" })).toContainText("<img src=x");
  await look("charts");
  await page.getByRole("tab", { name: "Board" }).click();
  await expect(page.getByRole("region", { name: /^S<img src=x/ })).toContainText("<img src=x");
  await look("board");
  await page.getByRole("tab", { name: "Table" }).click();
  await page.getByRole("button", { name: /^Filters/ }).click();
  await expect(page.getByRole("dialog", { name: "Filters" })).toContainText("<img src=x");
  await look("filters");
  await page.goto(`${url}/new/${form}`);
  const [items, people] = [
    page.getByRole("combobox", { name: /^C<img/ }),
    page.getByRole("combobox", { name: /^W<img/ }),
  ];
  await items.click();
  await page
    .getByRole("option", { name: /<img src=x/ })
    .first()
    .click();
  await look("catalog-picker");
  await people.fill("onerror");
  await expect(page.getByRole("option", { name: /<img src=x/ }).first()).toBeVisible();
  await look("person-picker");
  await page
    .getByRole("option", { name: /<img src=x/ })
    .first()
    .click();
  await look("chosen");
  await page.goto(`${url}/inbox`);
  await page.getByRole("button", { name: /^Notifications/ }).click();
  await expect(page.locator("#content")).toContainText("<img src=x");
  await look("notifications");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("onerror");
  await expect(page.getByRole("option", { name: /<img src=x/ }).first()).toBeVisible();
  await look("palette");
  expect(wrong).toEqual([]);
});

test("a name that turns the direction of what follows, or is too long, is refused in words and stays typed", async ({
  world: { hannah },
}) => {
  const page = await hannah.at("/administration/roles", PHONE);
  await page.getByRole("button", { name: "New role" }).first().click();
  const name = page.getByRole("dialog").getByRole("textbox", { name: /^Name/ });
  await name.fill("Left\u202eright");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^(Add|Create|Save)$/ })
    .click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText(/character/);
  await expect(name).toHaveValue("Left\u202eright");
});
