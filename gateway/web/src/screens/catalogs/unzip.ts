// What the reader of spreadsheets takes files apart with, in place of fflate's own: that one makes workers of texts for large files,
// which the policy of the app forbids, and would wait for them for ever.

export * from "fflate/browser";

import { type UnzipCallback, unzipSync } from "fflate/browser";

/** As the reader calls it: without options. */
export function unzip(data: Uint8Array, done: UnzipCallback): () => void {
  try {
    done(null, unzipSync(data));
  } catch (error) {
    done(error as never, {});
  }
  return () => undefined;
}
