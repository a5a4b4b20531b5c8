// The people of the stories: each opens browsers of their own, and can ask the API directly for what the story needs beforehand.

import {
  type APIRequestContext,
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  type CDPSession,
  expect,
  type Locator,
  type Page,
} from "@playwright/test";
import type { Paper } from "./paper";
import { ownWorld } from "./server";

export { expect };

/** Where the server of this worker is, and whose company is on it. */
export const { url, demo } = ownWorld();

/** A phone as most people hold it. */
export const PHONE: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  isMobile: true,
  hasTouch: true,
};

export class Somebody {
  constructor(
    readonly login: string,
    readonly id: number,
    readonly name: string,
    private readonly open: (options: BrowserContextOptions) => Promise<BrowserContext>,
    private readonly request: APIRequestContext,
    private readonly token: string,
  ) {}

  /** A new browser in which they are signed in. */
  async browser(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.open(options);
    const answer = await context.request.post(`${url}/v4/sessions`, {
      data: { login: this.login, password: demo.password },
      headers: { Origin: url },
    });
    expect(answer.status(), await answer.text()).toBe(200);
    return context;
  }

  /** A page of a new browser, at a path of the app. */
  async at(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser(options);
    const page = await context.newPage();
    await page.goto(`${url}${path}`);
    await page.locator("#content").waitFor();
    return page;
  }

  /** Asks the API as a program would: not through the browser's driver, which writes each request down and takes its time for it. */
  async api<T = Record<string, unknown>>(
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    data?: unknown,
  ): Promise<T> {
    const answer = await fetch(`${url}${path}`, {
      method,
      ...(data !== undefined && { body: JSON.stringify(data) }),
      headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" },
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  }

  /** Uploads a file, by the API. Gives its guid. */
  async upload(file: Paper): Promise<string> {
    const answer = await this.request.post(`${url}/v4/files/upload`, {
      multipart: { file },
      headers: { Authorization: `Bearer ${this.token}` },
    });
    expect(answer.ok(), await answer.text()).toBe(true);
    return ((await answer.json()) as { guid: string }).guid;
  }

  /** A task for somebody, by the API. Gives its id. */
  async task(text: string, more: Record<string, unknown> = {}): Promise<number> {
    const { task } = await this.api<{ task: { id: number } }>("POST", "/v4/tasks", { text, ...more });
    return task.id;
  }
}

interface World {
  /** The first administrator. */
  hannah: Somebody;
  irene: Somebody;
  tom: Somebody;
  lucas: Somebody;
}

const tokens = new Map<string, { token: string; id: number; name: string }>();

/** All that somebody was signed in with has ended: the next time they sign in anew. */
export const signedOut = (login: string): boolean => tokens.delete(login);

export const test = base.extend<{ world: World; somebody: (login: string) => Promise<Somebody> }>({
  somebody: async ({ browser, request }, use) => {
    const opened: BrowserContext[] = [];
    const open = async (options: BrowserContextOptions) => {
      const context = await browser.newContext({ locale: "en-US", timezoneId: "Europe/Berlin", ...options });
      opened.push(context);
      return context;
    };
    await use(async (login) => {
      let known = tokens.get(login);
      if (!known) {
        const signedIn = await request.post(`${url}/v4/auth`, { data: { login, password: demo.password } });
        expect(signedIn.ok(), await signedIn.text()).toBe(true);
        const token = ((await signedIn.json()) as { access_token: string }).access_token;
        const profile = await request.get(`${url}/v4/profile`, {
          headers: { Authorization: `Bearer ${token}` },
        });
        const { person_id, first_name, last_name } = (await profile.json()) as {
          person_id: number;
          first_name: string;
          last_name: string;
        };
        known = { token, id: person_id, name: `${first_name} ${last_name}` };
        tokens.set(login, known);
      }
      return new Somebody(login, known.id, known.name, open, request, known.token);
    });
    for (const context of opened) await context.close();
  },
  world: async ({ somebody }, use) => {
    const [irene = "", tom = "", lucas = ""] = demo.others;
    await use({
      hannah: await somebody(demo.login),
      irene: await somebody(irene),
      tom: await somebody(tom),
      lucas: await somebody(lucas),
    });
  },
});

/** Where a comment is written, once the editor is there: until then a plain box takes what is typed. */
export function composer(page: Page) {
  return page.getByRole("form", { name: "Comment" }).locator("[contenteditable=true]");
}

/** Writes a comment and sends it. */
export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

/** What was said and done in the task that is shown. */
export const feed = (page: Page) => page.getByRole("region", { name: "Comments" });

/** A row of the inbox, drawn by the app or before it. */
export const ROW = 'main a[href^="/inbox/"]';

/** When the first row of the inbox was in the page, and when the frame that shows it was over and the page heard what is pressed. */
interface Rows {
  /** Milliseconds since 1970, to compare with the network's. */
  there: number;
  /** Milliseconds since the navigation began. */
  heard: number;
}

/**
 * Has the page tell it, by its own clock, and nothing else of the test run in it meanwhile: what a test asks a page takes time there too.
 * Before the page is opened.
 */
export async function watchRows(page: Page, wire: CDPSession): Promise<() => Promise<Rows>> {
  const told = new Promise<Rows>((resolve) => {
    wire.on("Runtime.bindingCalled", ({ name, payload }) => {
      if (name === "tellRows") resolve(JSON.parse(payload) as Rows);
    });
  });
  await wire.send("Runtime.enable");
  await wire.send("Runtime.addBinding", { name: "tellRows" });
  await page.addInitScript((row) => {
    const look = () => {
      if (!document.querySelector(row)) return;
      observer.disconnect();
      const there = performance.timeOrigin + performance.now();
      const tell = (globalThis as unknown as { tellRows: (rows: string) => void }).tellRows;
      requestAnimationFrame(() =>
        setTimeout(() => tell(JSON.stringify({ there, heard: performance.now() }))),
      );
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true });
  }, ROW);
  return () => told;
}

/** Carries something onto something else, as a hand does: so many pixels below its upper edge, or, below nought, above its lower one. */
export async function carry(page: Page, what: Locator, onto: Locator, at: number): Promise<void> {
  await what.scrollIntoViewIfNeeded();
  const [from, to] = [await what.boundingBox(), await onto.boundingBox()];
  if (!from || !to) throw new Error("what is carried is not on the screen");
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2 + 20, from.y + from.height / 2 + 20, { steps: 4 });
  await page.mouse.move(to.x + to.width / 2, to.y + (at < 0 ? to.height + at : at), { steps: 10 });
  await page.mouse.up();
}
