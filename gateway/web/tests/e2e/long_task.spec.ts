// A task with as many comments as a task takes: it opens at its end, is read from its beginning, and takes what comes; only what is on
// the screen is drawn. To write them all takes a minute, so the older ones are put into the server's answers on their way.

import type { BrowserContext } from "@playwright/test";
import { expect, feed, say, test, url } from "./world";

const OLDER = 10_000;
/** Above every id of the stories. */
const OLDEST_ID = 1_000_000_000;
/** Elements of the whole page, of which a comment has some ten. */
const DRAWN_MAX = 1_500;

const older = (number: number) => `What was said ${number} comments ago`;

/** Every answer with this task has a long past, in which two people took turns. */
async function withPast(context: BrowserContext, task: number, people: unknown[]): Promise<void> {
  await context.route(new RegExp(`/v4/tasks/${task}(/comments)?(\\?|$)`), async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    const [first, ...rest] = answer.task.comments;
    const past = Array.from({ length: OLDER }, (_, at) => ({
      id: OLDEST_ID + at,
      text: older(OLDER - at),
      create_date: first.create_date,
      author: people[Math.floor(at / 3) % people.length],
    }));
    answer.task.comments = [first, ...past, ...rest];
    await route.fulfill({ response, json: answer });
  });
}

test("a task with 10,000 comments is opened, gone through and answered", async ({
  world: { hannah, irene, tom },
}) => {
  const id = await hannah.task("Ten thousand words", { participants: [{ id: irene.id }, { id: tom.id }] });
  // What keeps the app for later would answer by itself.
  const context = await hannah.browser({ serviceWorkers: "block" });
  const author = ({ id, name }: typeof irene) => ({ id, first_name: name, type: "user" });
  await withPast(context, id, [author(irene), author(tom)]);
  const page = await context.newPage();
  const drawn = () => page.locator("*").count();
  const comment = (text: string) => feed(page).getByText(text, { exact: true });

  await page.goto(`${url}/tasks/${id}`);
  await expect(comment(older(1))).toBeInViewport();
  expect(await drawn()).toBeLessThan(DRAWN_MAX);

  // What comes is there at the end; whoever reads above stays there and is told.
  await irene.api("POST", `/v4/tasks/${id}/comments`, { text: "While you are here" });
  await expect(comment("While you are here")).toBeInViewport();
  await feed(page).focus();
  await page.keyboard.press("Home");
  await expect(comment(older(OLDER))).toBeInViewport();
  expect(await drawn()).toBeLessThan(DRAWN_MAX);
  await tom.api("POST", `/v4/tasks/${id}/comments`, { text: "And while you read" });
  await page.getByRole("button", { name: /^1 new/ }).click();
  await expect(comment("And while you read")).toBeInViewport();
  await page.keyboard.press("Home");
  await say(page, "The last word");
  await expect(comment("The last word")).toBeInViewport();

  // The address of an old one leads there, among all the others.
  await page.goto("about:blank");
  await page.goto(`${url}/tasks/${id}#c${OLDEST_ID + 4_321}`);
  await expect(comment(older(OLDER - 4_321))).toBeInViewport();
  expect(await drawn()).toBeLessThan(DRAWN_MAX);
});

test("the address of a comment that came while one was away leads to it, whatever the browser had kept", async ({
  world: { hannah, irene },
}) => {
  const id = await hannah.task("Kept from yesterday", { participants: [{ id: irene.id }] });
  const page = await hannah.at(`/tasks/${id}`);
  await expect(page.getByRole("heading", { name: "Kept from yesterday" })).toBeVisible();
  await page.goto("about:blank");
  for (let number = 1; number <= 30; number++)
    await irene.api("POST", `/v4/tasks/${id}/comments`, { text: `${"A long day.\n".repeat(4)} ${number}` });
  const { task } = await irene.api<{ task: { comments: { id: number; text?: string }[] } }>(
    "GET",
    `/v4/tasks/${id}`,
  );
  const wanted = task.comments.find(({ text }) => text?.endsWith(" 20"));
  await page.goto(`${url}/tasks/${id}#c${wanted?.id}`);
  await expect(feed(page).getByText(/ 20$/)).toBeInViewport();
});
