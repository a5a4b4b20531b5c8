// Two people in one task, and one person in two tabs: everybody sees everything at once.

import type { Page } from "@playwright/test";
import { composer, expect, feed, say, test, url } from "./world";

test("two people in one task see each other's words at once, and who is writing", async ({
  world: { hannah, irene },
}) => {
  const id = await hannah.task("Plan the stocktaking", { participants: [{ id: irene.id }] });
  const left = await hannah.at(`/tasks/${id}`);
  const right = await irene.at(`/tasks/${id}`);
  await expect(left.getByText(`Here now: ${irene.name}`)).toBeVisible();
  await composer(right).fill("On Monday, then?");
  await expect(left.getByText(new RegExp(`${irene.name}.*writing`))).toBeVisible();
  await right.getByRole("button", { name: "Send", exact: true }).click();
  await expect(feed(left).getByText("On Monday, then?")).toBeVisible();
  await say(left, "Monday it is");
  await expect(feed(right).getByText("Monday it is")).toBeVisible();
});

test("three people in one task see each other, who writes, and that the words have come", async ({
  world: { hannah, irene, tom },
}) => {
  const id = await hannah.task("Plan the fair", { participants: [{ id: irene.id }, { id: tom.id }] });
  const [left, middle, right] = [
    await hannah.at(`/tasks/${id}`),
    await irene.at(`/tasks/${id}`),
    await tom.at(`/tasks/${id}`),
  ];
  await expect(left.getByText(`Here now: ${irene.name} and ${tom.name}`)).toBeVisible();
  await composer(middle).fill("In spring?");
  await composer(right).fill("In autumn?");
  const status = (page: Page) =>
    page
      .getByRole("article")
      .getByRole("status")
      .filter({ hasText: /writing|Here/ });
  await expect(status(left)).toHaveText(`${irene.name} and ${tom.name}: writing…`);
  await right.getByRole("button", { name: "Send", exact: true }).click();
  await expect(feed(left).getByText("In autumn?")).toBeVisible();
  await expect(status(left)).not.toContainText(tom.name, { timeout: 2_500 });
  await right.getByRole("link", { name: "Lists" }).click();
  await expect(status(middle)).toHaveText(`Here now: ${hannah.name}`);
});

test("all tabs of a person share one stream, and the next one goes on when its tab is closed", async ({
  world: { hannah, irene },
}) => {
  const id = await hannah.task("One stream", { participants: [{ id: irene.id }] });
  const context = await hannah.browser();
  const streams: string[] = [];
  context.on("request", (request) => {
    if (request.url().includes("/v4/live?")) streams.push(request.url());
  });
  const first = await context.newPage();
  await first.goto(`${url}/tasks/${id}`);
  await expect(first.getByRole("button", { name: /^Connected/ })).toBeVisible();
  const second = await context.newPage();
  await second.goto(`${url}/tasks/${id}`);
  await expect(second.getByRole("button", { name: /^Connected/ })).toBeVisible();
  expect(streams).toHaveLength(1);
  await irene.api("POST", `/v4/tasks/${id}/comments`, { text: "For both tabs" });
  await expect(feed(first).getByText("For both tabs")).toBeVisible();
  await expect(feed(second).getByText("For both tabs")).toBeVisible();
  await first.close();
  await irene.api("POST", `/v4/tasks/${id}/comments`, { text: "For the one that is left" });
  await expect(feed(second).getByText("For the one that is left")).toBeVisible();
  expect(streams).toHaveLength(2);
});

test("a task that comes in shows in the inbox without anything being pressed", async ({
  world: { hannah, irene },
}) => {
  const page = await irene.at("/inbox");
  const id = await hannah.task("Count the helmets", { responsible: { id: irene.id } });
  await expect(page.locator(`a[href="/inbox/${id}"]`)).toContainText("Count the helmets");
});
