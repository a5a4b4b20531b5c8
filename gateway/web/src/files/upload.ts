// One file to the server, told of as it goes. Not by `fetch`, which does not say how much is through.

import { saysWho, tellSessionProblem } from "~/api/client";
import { Problem, Unreachable } from "~/api/problem";

/** How long nothing may move before the connection counts as dead, in milliseconds. */
const SILENCE = 60_000;

/** `told` hears which part is through, from 0 to 1. Gives the server's word for the file. */
export type Upload = (
  file: { name: string; blob: Blob; key: string },
  told: (part: number) => void,
  signal: AbortSignal,
) => Promise<string>;

export const upload: Upload = ({ name, blob, key }, told, signal) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const moved = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), SILENCE);
    };
    const stop = () => request.abort();
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      settle();
    };
    const lost = () => end(() => reject(new Unreachable(new Error("the upload was cut"))));
    request.open("POST", "/v4/files/upload");
    request.setRequestHeader("Idempotency-Key", `"${key}"`);
    for (const [header, value] of Object.entries(saysWho())) request.setRequestHeader(header, value);
    request.upload.onprogress = ({ loaded, total }) => {
      moved();
      if (total > 0) told(loaded / total);
    };
    request.onerror = lost;
    request.onabort = lost;
    request.onload = () =>
      end(() => {
        void answerOf(request).then(resolve, reject);
      });
    signal.addEventListener("abort", stop);
    moved();
    const form = new FormData();
    form.append("file", blob, name);
    request.send(form);
  });

async function answerOf(request: XMLHttpRequest): Promise<string> {
  const { status, statusText, responseText } = request;
  if (status < 200 || status > 299) {
    const headers = new Headers();
    const wait = request.getResponseHeader("Retry-After");
    if (wait) headers.set("Retry-After", wait);
    const problem = await Problem.of(new Response(responseText, { status, statusText, headers }));
    if (problem.needsSignIn) tellSessionProblem(problem);
    throw problem;
  }
  try {
    const { guid } = JSON.parse(responseText) as { guid?: unknown };
    if (typeof guid === "string") return guid;
  } catch (error) {
    throw new Unreachable(error);
  }
  throw new Unreachable(new Error("the answer names no file"));
}
