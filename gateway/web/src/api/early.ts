// What the first screen asks the server for, asked while its scripts are still coming. Each answer is taken once, by whoever asks the
// same (see `client.ts`); nothing is kept here.

/** As the inbox asks: what one has to do now. Rows that are asked for; who has more works the first off. */
export const INBOX_ROWS = 500;

const INBOX = `/v4/inbox?item_count=${INBOX_ROWS}&group_item_count=${INBOX_ROWS}&marks=true`;
/** How long an answer is waited for, and for how long it may be taken, in milliseconds. */
const TIMEOUT = 20_000;
const TAKEN_WITHIN = 10_000;

const asked = new Map<string, { answer: Promise<Response | undefined>; at: number }>();

function ask(path: string, language: string, person?: number): Promise<Response> {
  const headers: Record<string, string> = { "Accept-Language": language };
  if (person !== undefined) headers["Nashi-Person"] = String(person);
  return fetch(path, { headers, signal: AbortSignal.timeout(TIMEOUT) });
}

function hold(path: string, answer: Promise<Response | undefined>): void {
  // Whoever takes it hears of it; where nobody does, nothing is lost.
  answer.catch(() => undefined);
  asked.set(path, { answer, at: Date.now() });
}

/** Asks who is signed in, and where the inbox is opened, as that very person, for what is in it. */
export function askEarly(path: string, language: string): void {
  const session = ask("/v4/session", language);
  hold("/v4/session", session);
  if (path !== "/" && !/^\/inbox(\/|$)/.test(path)) return;
  const inbox = async () => {
    const answer = await session;
    if (!answer.ok) return undefined;
    const { session: found } = (await answer.clone().json()) as {
      session?: { person_id: number; needs_second_factor: boolean };
    };
    if (!found || found.needs_second_factor) return undefined;
    return ask(INBOX, language, found.person_id);
  };
  hold(INBOX, inbox());
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
