// The stories of a day: who asks from a phone, who approves by keyboard alone, who keeps a register, and who designs a form.

import { composer, demo, expect, PHONE, type Somebody, test, url } from "./world";

interface Made {
  task: {
    id: number;
    current_step?: number;
    approvals?: { person: { id: number }; approval_choice: string; step: number }[][];
    fields?: { id: number; value?: unknown }[];
  };
}

test("a requester on a phone asks for something and sees where it went", async ({ world: { irene } }) => {
  const page = await irene.at("/forms", PHONE);
  await page.getByRole("link", { name: /New.*Purchase request|Purchase request.*New/ }).click();
  await page.getByLabel(/What is needed/).fill("Two chairs for the reception");
  // A form that is not filled in is told so at its fields, and nothing is lost.
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByLabel(/Amount/)).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel(/What is needed/)).toHaveValue("Two chairs for the reception");
  await page.getByLabel(/Amount/).fill("340.50");
  await page.getByRole("radio", { name: "Supplies" }).check();
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page).toHaveURL(/\/tasks\/\d+/);
  const id = Number(page.url().split("/").at(-1));
  await expect(page.getByText("Two chairs for the reception").first()).toBeVisible();
  const { task } = await irene.api<Made>("GET", `/v4/tasks/${id}`);
  expect(task.fields?.find((field) => field.id === 2)?.value).toBe(340.5);
  expect(
    task.approvals?.flat().some(({ approval_choice, step }) => step === 2 && approval_choice === "waiting"),
  ).toBe(true);
});

test("a half filled form is there again when its page is opened again", async ({ world: { irene } }) => {
  const context = await irene.browser(PHONE);
  const page = await context.newPage();
  await page.goto(`${url}/new/1`);
  await page.getByLabel(/What is needed/).fill("Begun on the train");
  await page.close();
  const later = await context.newPage();
  await later.goto(`${url}/new/1`);
  await expect(later.getByLabel(/What is needed/)).toHaveValue("Begun on the train");
});

/** A form of one step that Hannah approves, made once. */
let approvals: number | undefined;
async function toApprove(hannah: Somebody, author: Somebody, text: string): Promise<number> {
  if (approvals === undefined) {
    const definition = {
      fields: [{ id: 1, name: "What", type: "text", in_title: true }],
      steps: [
        { name: "Request", approvers: [{ who: "author" }], rule: "everyone" },
        { name: "Approval", approvers: [{ who: { person: hannah.id } }], rule: "everyone" },
        { name: "Done", approvers: [{ who: "author" }], rule: "everyone" },
      ],
    };
    const made = await hannah.api<{ id: number }>("POST", "/v4/forms", {
      name: "To be approved",
      definition,
    });
    await hannah.api("POST", `/v4/forms/${made.id}/permissions`, { permissions: { [author.id]: "member" } });
    approvals = made.id;
  }
  return author.task("", { form_id: approvals, fields: [{ id: 1, value: text }] });
}

test("an approver works the inbox off by keyboard alone", async ({ world: { hannah, irene } }) => {
  const ids: number[] = [];
  for (const text of ["First to approve", "Second to approve"])
    ids.push(await toApprove(hannah, irene, text));
  const page = await hannah.at("/inbox");
  for (const id of ids) await expect(page.locator(`a[href="/inbox/${id}"]`)).toBeVisible();
  await page.goto(`${url}/inbox/${ids[0]}`);
  await expect(page.getByRole("button", { name: /^Approve/ }).first()).toBeVisible();
  await page.keyboard.press("a");
  await expect(page.locator(`a[href="/inbox/${ids[0]}"]`)).toHaveCount(0);
  await expect
    .poll(async () => {
      const { task } = await hannah.api<Made>("GET", `/v4/tasks/${ids[0]}`);
      return task.approvals?.flat().find(({ person }) => person.id === hannah.id)?.approval_choice;
    })
    .toBe("approved");
});

test("an approval of what was changed since comes back, and is shown what changed", async ({
  world: { hannah, irene },
}) => {
  const id = await toApprove(hannah, irene, "Changes under the hand");
  const context = await hannah.browser();
  const page = await context.newPage();
  await page.goto(`${url}/tasks/${id}`);
  await expect(page.getByRole("button", { name: /^Approve/ }).first()).toBeVisible();
  await composer(page).waitFor();
  // What she sees is frozen; the task moves on without her.
  await context.setOffline(true);
  await page
    .getByRole("button", { name: /^Approve/ })
    .first()
    .click();
  await irene.api("POST", `/v4/tasks/${id}/comments`, {
    field_updates: [{ id: 1, value: "Something else" }],
  });
  await context.setOffline(false);
  await expect(page.getByText("Refused").first()).toBeVisible();
  const { task } = await hannah.api<Made>("GET", `/v4/tasks/${id}`);
  expect(task.approvals?.flat().find(({ person }) => person.id === hannah.id)?.approval_choice).toBe(
    "waiting",
  );
  await expect(page.getByText("Something else").first()).toBeVisible();
});

test("everything has a key: the palette finds it, and a question mark lists them all", async ({
  world: { hannah },
}) => {
  const page = await hannah.at("/inbox");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("calend");
  await expect(page.getByRole("option", { name: /Calendar/ })).toHaveAttribute("data-active-item", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/calendar/);
  await page.keyboard.press("Shift+Slash");
  await expect(page.getByRole("dialog")).toContainText("Inbox");
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await expect(page).toHaveURL(/\/lists/);
});

test("who may administer nothing is offered nothing of it", async ({ world: { lucas } }) => {
  const page = await lucas.at("/inbox");
  await expect(page.getByRole("link", { name: "Lists" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Administration" })).toHaveCount(0);
  expect(demo.others).toContain(lucas.login);
});
