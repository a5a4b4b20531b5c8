// A body that names files of this browser's, sent at once and not by way of the outbox: it waits until the server has them.

import { Problem } from "~/api/problem";
import { asSent, filesIn } from "~/store/carried";
import type { Carrier } from "~/store/outbox";

/**
 * Sends the body once the server has all of its files, each by the server's word for it; afterwards they are not kept here any more.
 * Fails as the first file that is refused, and as `send` does: then they stay, for another try.
 */
export async function carry<B, A>(
  carrier: () => Promise<Carrier>,
  body: B,
  send: (body: B) => Promise<A>,
): Promise<A> {
  const files = filesIn(body);
  if (files.length === 0) return send(asSent(body, new Map()) as B);
  const uploads = await carrier();
  await uploads.written(files);
  for (;;) {
    const standing = uploads.standing(files);
    if (standing.state === "refused") {
      const { status, code, message } = standing.refusal;
      throw new Problem(status, code, message);
    }
    if (standing.state === "there") {
      uploads.told(files);
      const answer = await send(asSent(body, standing.guids) as B);
      await uploads.drop(files);
      return answer;
    }
    await new Promise<void>((resolve) => {
      const stop = uploads.onSettled(() => {
        stop();
        resolve();
      });
    });
  }
}
