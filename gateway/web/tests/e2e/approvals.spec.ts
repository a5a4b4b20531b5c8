// A form's task on its way: decisions are taken back, sent back and asked for again, each with its reason, and everybody sees where it stands.

import type { Page } from "@playwright/test";
import { composer, expect, feed, type Somebody, test } from "./world";

interface Asked {
  task: {
    current_step?: number;
    approvals?: { person: { id: number }; approval_choice: string; step: number }[][];
  };
}

/** An order that two check before Hannah decides. */
async function order(
  hannah: Somebody,
  irene: Somebody,
  tom: Somebody,
  lucas: Somebody,
  ...more: string[]
): Promise<number[]> {
  const person = ({ id }: Somebody) => ({ who: { person: id } });
  const { id: form } = await hannah.api<{ id: number }>("POST", "/v4/forms", {
    name: `Orders ${Date.now() % 1_000_000}`,
    definition: {
      fields: [{ id: 1, name: "What", type: "text", in_title: true }],
      steps: [
        { name: "Order", approvers: [{ who: "author" }], rule: "everyone" },
        { name: "Check", approvers: [person(irene), person(tom)], rule: "everyone" },
        { name: "Decision", approvers: [person(hannah)], rule: "everyone" },
      ],
    },
  });
  await hannah.api("POST", `/v4/forms/${form}/permissions`, {
    permissions: { [irene.id]: "member", [tom.id]: "member", [lucas.id]: "member" },
  });
  const make = (what: string) => lucas.task("", { form_id: form, fields: [{ id: 1, value: what }] });
  return Promise.all(["Ten ladders", ...more].map(make));
}

/** What somebody chose at a step. */
const choiceOf = async (who: Somebody, task: number, step: number, whose = who) => {
  const { task: now } = await who.api<Asked>("GET", `/v4/tasks/${task}`);
  return now.approvals?.flat().find((other) => other.step === step && other.person.id === whose.id)
    ?.approval_choice;
};

/** Presses something that is sent, and waits until the server has taken it. */
async function sends(page: Page, task: number, press: () => Promise<void>): Promise<void> {
  const taken = page.waitForResponse((answer) => answer.url().endsWith(`/v4/tasks/${task}/comments`));
  await press();
  const answer = await taken;
  expect(answer.ok(), await answer.text()).toBe(true);
}

test("a decision is taken back, an order is sent back to the step that is chosen, and who decided is asked again", async ({
  world: { hannah, irene, tom, lucas },
}) => {
  const [task = 0] = await order(hannah, irene, tom, lucas);
  const checking = await irene.at(`/tasks/${task}`);
  await sends(checking, task, () => checking.getByRole("button", { name: "Approve", exact: true }).click());
  await expect(feed(checking).getByText("Approved · Check")).toBeVisible();
  await sends(checking, task, async () => {
    await checking.getByRole("button", { name: "More", exact: true }).first().click();
    await checking.getByRole("menuitem", { name: "Take my decision back" }).click();
  });
  await expect(feed(checking).getByText("Took the decision back · Check")).toBeVisible();
  // She is asked as before.
  await sends(checking, task, () => checking.getByRole("button", { name: "Approve", exact: true }).click());
  await tom.api("POST", `/v4/tasks/${task}/comments`, { approval_choice: "approved" });

  const deciding = await hannah.at(`/inbox/${task}`);
  await deciding.getByRole("button", { name: "Reject", exact: true }).click();
  const dialog = deciding.getByRole("dialog", { name: "Reject" });
  await dialog.getByLabel("Reason").fill("Are five not enough?");
  const where = dialog.getByLabel("Where to");
  const check = await where.getByRole("option", { name: /“Check”/ }).textContent();
  await where.selectOption({ label: check ?? "" });
  await sends(deciding, task, async () => {
    await dialog.getByRole("button", { name: "Send back" }).click();
    // It has left before it is sent.
    await expect(deciding.locator(`a[href="/inbox/${task}"]`)).toHaveCount(0);
  });
  await expect(feed(checking).getByText("Are five not enough?")).toBeVisible();
  await expect(feed(checking).getByText("Back to “Check”")).toBeVisible();
  expect(await choiceOf(irene, task, 2)).toBe("waiting");
  expect(await choiceOf(irene, task, 2, tom)).toBe("waiting");
  expect(await choiceOf(irene, task, 3, hannah)).toBe("waiting");

  // Both check it once more; then the one who asked for it wants another look of one of them.
  await sends(checking, task, () => checking.getByRole("button", { name: "Approve", exact: true }).click());
  await tom.api("POST", `/v4/tasks/${task}/comments`, { approval_choice: "approved" });
  const asking = await lucas.at(`/tasks/${task}`);
  await asking.getByRole("button", { name: `Ask ${irene.name} again` }).click();
  const again = asking.getByRole("dialog", { name: `Ask ${irene.name} again` });
  await expect(again).toContainText("The task goes back to “Check”");
  await sends(asking, task, () => again.getByRole("button", { name: "Ask again" }).click());
  await expect(
    feed(asking).getByText(`Approvers, Check: asked again: ${irene.name}`, { exact: true }),
  ).toBeVisible();
  await expect(checking.getByRole("button", { name: "Approve", exact: true })).toBeVisible();
  expect(await choiceOf(irene, task, 2, tom)).toBe("approved");
  // It is finished by a rejection with its reason, as the form leads: to who asked for it.
  await checking.getByRole("form", { name: "Comment" }).locator("[contenteditable=true]").fill("Not these");
  await checking.getByRole("button", { name: "Reject", exact: true }).click();
  const why = checking.getByRole("dialog", { name: "Reject" });
  // What was written by then is the reason, and goes back under the task with what was added where one leaves it.
  await expect(why.getByLabel("Reason")).toHaveValue("Not these");
  await expect(why.getByLabel("Where to")).toBeVisible();
  await why.getByLabel("Reason").fill("Not these five");
  await why.getByRole("button", { name: "Cancel" }).click();
  await expect(composer(checking)).toHaveText("Not these five");
  // The dialog may still be on its way out.
  await checking.getByRole("form", { name: "Comment" }).getByRole("button", { name: "Reject" }).click();
  await sends(checking, task, () => why.getByRole("button", { name: "Reject", exact: true }).click());
  await expect(composer(checking)).toHaveText("");
  await expect(feed(asking).getByText("Rejected · Check")).toBeVisible();
  await expect(feed(asking).getByText("Not these five")).toBeVisible();
  await expect(asking.getByRole("button", { name: "Approve", exact: true })).toBeVisible();
});

test("several are approved at once, and what is not awaited is not offered to be", async ({
  world: { hannah, irene, tom, lucas },
}) => {
  const [ladders = 0, ropes = 0] = await order(hannah, irene, tom, lucas, "Six ropes");
  const other = await hannah.task("Read this", { responsible: { id: irene.id } });
  const page = await irene.at("/inbox");
  const pick = (task: number) =>
    page
      .getByRole("listitem")
      .filter({ has: page.locator(`a[href="/inbox/${task}"]`) })
      .getByRole("checkbox");
  await expect(pick(ladders)).toBeVisible();
  const approve = page.getByRole("toolbar").getByRole("button", { name: "Approve" });
  for (const task of [ladders, ropes, other]) await pick(task).check();
  await expect(approve).toHaveCount(0);
  await pick(other).uncheck();
  const answers = [ladders, ropes].map((task) =>
    page.waitForResponse((answer) => answer.url().endsWith(`/v4/tasks/${task}/comments`)),
  );
  await approve.click();
  await expect(pick(ladders)).toHaveCount(0);
  for (const answer of await Promise.all(answers)) expect(answer.ok()).toBe(true);
  expect(await choiceOf(irene, ladders, 2)).toBe("approved");
  expect(await choiceOf(irene, ropes, 2)).toBe("approved");
});

test("whoever is to read a task says so by a key, once, and everybody sees it", async ({
  world: { hannah, irene },
}) => {
  const task = await hannah.task("The new rules of the house", { subscribers: [{ id: irene.id }] });
  const page = await irene.at(`/tasks/${task}`);
  const read = page.getByRole("button", { name: "I have read it" });
  await expect(read).toBeVisible();
  await sends(page, task, () => page.keyboard.press("a"));
  await expect(read).toHaveCount(0);
  await expect(feed(page).getByText("Read", { exact: true })).toBeVisible();
  const seen = await hannah.at(`/tasks/${task}`);
  await expect(feed(seen).getByText("Read", { exact: true })).toBeVisible();
  const { task: now } = await hannah.api<{
    task: { subscribers?: { person: { id: number }; approval_choice: string }[] };
  }>("GET", `/v4/tasks/${task}`);
  expect(now.subscribers).toMatchObject([{ person: { id: irene.id }, approval_choice: "acknowledged" }]);
});
