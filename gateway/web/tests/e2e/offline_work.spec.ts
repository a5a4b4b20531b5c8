// Work without a network: the inbox is read, a decision is made, a task is written, and each arrives once when the network is back.

import { expect, type Somebody, test, url } from "./world";

interface Shown {
  task: { approvals?: { person: { id: number }; approval_choice: string; step: number }[][] };
}

async function toDecide(hannah: Somebody, irene: Somebody, what: string): Promise<number> {
  const { id: form } = await hannah.api<{ id: number }>("POST", "/v4/forms", {
    name: `Trips ${Date.now() % 1_000_000}`,
    definition: {
      fields: [{ id: 1, name: "Where to", type: "text", in_title: true }],
      steps: [
        { name: "Ask", approvers: [{ who: "author" }], rule: "everyone" },
        { name: "Decide", approvers: [{ who: { person: hannah.id } }], rule: "everyone" },
        { name: "Go", approvers: [{ who: "author" }], rule: "everyone" },
      ],
    },
  });
  await hannah.api("POST", `/v4/forms/${form}/permissions`, { permissions: { [irene.id]: "member" } });
  return irene.task("", { form_id: form, fields: [{ id: 1, value: what }] });
}

test("in a train the inbox is read, a task approved and another written, and all of it is sent once", async ({
  world: { hannah, irene },
}) => {
  const id = await toDecide(hannah, irene, "By night train");
  const context = await hannah.browser();
  const page = await context.newPage();
  await page.goto(`${url}/inbox/${id}`);
  await expect(page.getByRole("button", { name: "Approve", exact: true })).toBeVisible();
  // The app is on the device, and by then so is the task.
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.goto(`${url}/new`);
  await expect(page.getByLabel("What is to be done")).toBeVisible();
  await page.close();

  await context.setOffline(true);
  const train = await context.newPage();
  await train.goto(`${url}/inbox`);
  const row = train.locator(`#content a[href="/inbox/${id}"]`);
  await expect(row).toBeVisible();
  await row.click();
  await train.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(row).toHaveCount(0);
  const words = `Book a seat ${id}`;
  await train.goto(`${url}/new`);
  await train.getByLabel("What is to be done").fill(words);
  await train.getByRole("button", { name: "Create", exact: true }).click();
  await expect(train.getByText("This task waits to be sent")).toBeVisible();
  await expect(train.getByRole("button", { name: /2 changes wait to be sent/ })).toBeVisible();
  await train.close();

  const posts: string[] = [];
  context.on("request", (request) => {
    if (request.method() === "POST") posts.push(new URL(request.url()).pathname);
  });
  await context.setOffline(false);
  const home = await context.newPage();
  await home.goto(`${url}/inbox`);
  await expect(home.getByRole("button", { name: "Connected", exact: true })).toBeVisible();
  await expect
    .poll(async () => {
      const { task } = await hannah.api<Shown>("GET", `/v4/tasks/${id}`);
      return task.approvals?.flat().find(({ person }) => person.id === hannah.id)?.approval_choice;
    })
    .toBe("approved");
  await home.goto(`${url}/search?q=${encodeURIComponent(`"${words}"`)}`);
  await expect(home.getByRole("list", { name: "Results" }).getByRole("link")).toHaveCount(1);
  expect(posts.filter((path) => path === "/v4/tasks")).toHaveLength(1);
  expect(posts.filter((path) => path === `/v4/tasks/${id}/comments`)).toHaveLength(1);
});

test("what was accepted says where it stands in the log", async ({ world: { hannah } }) => {
  const id = await hannah.task("Stands where it stands");
  const page = await hannah.at(`/tasks/${id}`);
  const box = page.getByRole("form", { name: "Comment" }).locator("[contenteditable=true]");
  await box.fill("Written down");
  const sent = page.waitForResponse((answer) => answer.url().endsWith(`/v4/tasks/${id}/comments`));
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const position = (await sent).headers()["nashi-position"]?.split("-")[1] ?? "none";
  await expect(page.getByText(`Accepted at ${position}`)).toBeAttached();
});
