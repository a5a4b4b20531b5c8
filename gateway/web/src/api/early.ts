// What the first screen asks the server for, asked while its scripts are still coming. Each answer is taken once, by whoever asks the
// same (see `client.ts`); nothing is kept here.

import type { InboxAnswer } from "~/store/inbox";

/** As the inbox asks: what one has to do now. Rows that are asked for; who has more works the first off. */
export const INBOX_ROWS = 500;

const INBOX = `/v4/inbox?item_count=${INBOX_ROWS}&group_item_count=${INBOX_ROWS}&marks=true`;
/** How long an answer is waited for, and for how long it may be taken, in milliseconds. */
const TIMEOUT = 20_000;
const TAKEN_WITHIN = 10_000;

const asked = new Map<string, { answer: Promise<Response | undefined>; at: number }>();

function ask(path: string, language: string): Promise<Response> {
  return fetch(path, { headers: { "Accept-Language": language }, signal: AbortSignal.timeout(TIMEOUT) });
}

function hold(path: string, answer: Promise<Response | undefined>): void {
  // Whoever takes it hears of it; where nobody does, nothing is lost.
  answer.catch(() => undefined);
  asked.set(path, { answer, at: Date.now() });
}

/** Whether the app opens with the inbox at this path. */
export const opensInbox = (path: string): boolean => path === "/" || /^\/inbox(\/|$)/.test(path);

/** As much of who is signed in as is needed to go on. */
export interface Found {
  person_id: number;
  organization_id: number;
  needs_second_factor: boolean;
}

/**
 * Asks who is signed in, and where the inbox is opened, what is in it: at once, for the answer says whose it is. Tells who is signed in,
 * if they may go on.
 */
export async function askEarly(path: string, language: string): Promise<Found | undefined> {
  const session = ask("/v4/session", language);
  hold("/v4/session", session);
  const found = session.then(async (answer) => {
    if (!answer.ok) return undefined;
    const { session: own } = (await answer.clone().json()) as { session?: Found };
    return own && !own.needs_second_factor ? own : undefined;
  });
  if (opensInbox(path)) {
    const inbox = ask(INBOX, language);
    hold(
      INBOX,
      // Between the two somebody else may have signed in, in another tab.
      Promise.all([found, inbox]).then(([own, answer]) =>
        own && answer.headers.get("Nashi-Person") === String(own.person_id) ? answer : undefined,
      ),
    );
  }
  return found;
}

/** What the inbox holds, where it was asked early and may be read; left for whoever takes it. */
export async function earlyInbox(): Promise<InboxAnswer | undefined> {
  const answer = await asked.get(INBOX)?.answer.catch(() => undefined);
  return answer?.ok && !answer.bodyUsed ? ((await answer.clone().json()) as InboxAnswer) : undefined;
}

/** The answer to this request, if it was asked early and nobody has taken it. */
export async function takeEarly(request: Request): Promise<Response | undefined> {
  if (request.method !== "GET" || asked.size === 0) return undefined;
  const { pathname, search } = new URL(request.url);
  const path = `${pathname}${search}`;
  const found = asked.get(path);
  asked.delete(path);
  return found && Date.now() - found.at < TAKEN_WITHIN ? found.answer : undefined;
}
