import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { askEarly, earlyInbox, takeEarly } from "./early";

const INBOX = "/v4/inbox?item_count=500&group_item_count=500&marks=true";
const session = { person_id: 7, organization_id: 1, needs_second_factor: false };

/** What the server would say, by the beginning of the path; and what it was asked, in order. */
function serves(answers: Record<string, () => Response>): { paths: string[]; languages: (string | null)[] } {
  const heard = { paths: [] as string[], languages: [] as (string | null)[] };
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    heard.paths.push(path);
    heard.languages.push(new Headers(init.headers).get("Accept-Language"));
    const answer = answers[path.split("?")[0] ?? ""];
    return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError("Failed to fetch"));
  });
  return heard;
}

const of = (person: number) => ({ headers: { "Nashi-Person": String(person) } });
const signedIn = (more = {}) => Response.json({ session: { ...session, ...more } }, of(session.person_id));
const inbox = (person: number) => Response.json({ tasks: [{ id: 1 }] }, of(person));
const take = (path: string) => takeEarly(new Request(new URL(path, "http://nashi.test")));

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("asks who is signed in and what the inbox holds at once, and gives each answer once", async () => {
  const heard = serves({ "/v4/session": signedIn, "/v4/inbox": () => inbox(7) });
  const found = askEarly("/inbox", "ru");
  expect(heard).toEqual({ paths: ["/v4/session", INBOX], languages: ["ru", "ru"] });
  expect(await found).toEqual(session);
  expect((await earlyInbox())?.tasks).toHaveLength(1);
  expect(await (await take(INBOX))?.json()).toEqual({ tasks: [{ id: 1 }] });
  expect(await take(INBOX)).toBeUndefined();
  expect((await take("/v4/session"))?.ok).toBe(true);
});

it("asks for no inbox where another screen is opened", async () => {
  const heard = serves({ "/v4/session": signedIn });
  await askEarly("/forms/3", "en");
  expect(heard.paths).toEqual(["/v4/session"]);
  expect(await earlyInbox()).toBeUndefined();
  await take("/v4/session");
});

it("gives no inbox of whoever signed in in between", () =>
  givesNoInbox({ "/v4/session": signedIn, "/v4/inbox": () => inbox(8) }));

it.each<[string, Record<string, () => Response>]>([
  ["that does not say whose it is", { "/v4/session": signedIn, "/v4/inbox": () => Response.json({}) }],
  [
    "of somebody without a second factor that is asked for",
    { "/v4/session": () => signedIn({ needs_second_factor: true }), "/v4/inbox": () => inbox(7) },
  ],
  [
    "where nobody is signed in",
    { "/v4/session": () => Response.json({ error_code: "invalid_token" }, { status: 401 }) },
  ],
  ["where the session cannot be asked", { "/v4/inbox": () => inbox(7) }],
])("gives no inbox %s", (_, answers) => givesNoInbox(answers));

async function givesNoInbox(answers: Record<string, () => Response>) {
  serves(answers);
  await askEarly("/", "en").catch(() => undefined);
  expect(await earlyInbox()).toBeUndefined();
  expect(await take(INBOX).catch(() => undefined)).toBeUndefined();
  await take("/v4/session").catch(() => undefined);
}

it("gives no answer that has lain for long", async () => {
  serves({ "/v4/session": signedIn, "/v4/inbox": () => inbox(7) });
  await askEarly("/inbox", "en");
  vi.advanceTimersByTime(10_000);
  expect(await take(INBOX)).toBeUndefined();
  expect(await take("/v4/session")).toBeUndefined();
});
