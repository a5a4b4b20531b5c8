// The public API as the browser speaks it: typed by the OpenAPI document, errors as `Problem`. Nothing is kept here (see `store/`).

import createClient, { type Middleware } from "openapi-fetch";
import { hearTime } from "./clock";
import { takeEarly } from "./early";
import { Problem, Unreachable } from "./problem";
import { sendProved } from "./proof";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

/** How long an answer is waited for, in milliseconds. */
const TIMEOUT = 20_000;

/** Whom this tab believes to be signed in: every request says so, and the server refuses those of somebody else. */
let person: number | undefined;
let language = "en";

export function setPerson(id: number | undefined): void {
  person = id;
}

export function setLanguage(code: string): void {
  language = code;
}

/** Told of each answer that says that nobody is signed in, or somebody else. */
const sessionListeners = new Set<(problem: Problem) => void>();

export function onSessionProblem(listener: (problem: Problem) => void): () => void {
  sessionListeners.add(listener);
  return () => sessionListeners.delete(listener);
}

export function tellSessionProblem(problem: Problem): void {
  for (const listener of sessionListeners) listener(problem);
}

/** The greatest position of the log that any answer has named, for `Nashi-Wait-For`. */
let seen: { incarnation: string; position: number } | undefined;

export function positionOf(response: Response): number {
  hearTime(response);
  const text = response.headers.get("Nashi-Position");
  if (!text) return 0;
  const [incarnation = "", position = "0"] = text.split("-");
  const found = { incarnation, position: Number(position) };
  if (!seen || seen.incarnation !== found.incarnation || seen.position < found.position) seen = found;
  return found.position;
}

const conventions: Middleware = {
  onRequest({ request }) {
    if (person !== undefined) request.headers.set("Nashi-Person", String(person));
    request.headers.set("Accept-Language", language);
    return request;
  },
  async onResponse({ response }) {
    positionOf(response);
    if (response.ok) return undefined;
    const problem = await Problem.of(response);
    if (problem.needsSignIn) tellSessionProblem(problem);
    throw problem;
  },
  onError({ error }) {
    return error instanceof Problem ? error : new Unreachable(error);
  },
};

async function timed(request: Request): Promise<Response> {
  const early = await takeEarly(request);
  if (early) return early;
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT)]);
  return fetch(new Request(request, { signal }));
}

export const api = createClient<paths>({
  baseUrl: "/",
  fetch: (request) => sendProved(request, timed),
});
api.use(conventions);

/** The data of an answer that was good, which is what is left once a `Problem` is thrown for every other. */
export async function good<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  return data as T;
}

/** What a request says of whom it is meant to be, and of the language that they read. */
export function saysWho(): Record<string, string> {
  return {
    "Accept-Language": language,
    ...(person !== undefined && { "Nashi-Person": String(person) }),
  };
}

/** One request by its parts, for what was written down before it is sent (see `store/outbox.ts`). */
export async function send(
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body: unknown,
  key: string,
): Promise<{ answer: unknown; position: number; replayed: boolean }> {
  const headers: Record<string, string> = { "Idempotency-Key": `"${key}"`, ...saysWho() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    const request = new Request(new URL(path, location.origin), {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    response = await sendProved(request, timed);
  } catch (error) {
    throw new Unreachable(error);
  }
  const position = positionOf(response);
  if (!response.ok) {
    const problem = await Problem.of(response);
    if (problem.needsSignIn) tellSessionProblem(problem);
    throw problem;
  }
  const answer: unknown = await response.json().catch((error: unknown) => {
    throw new Unreachable(error);
  });
  return { answer, position, replayed: response.headers.get("Idempotency-Replayed") === "true" };
}
