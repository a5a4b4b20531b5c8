// What the first visit costs on the wire: counted, not timed.

import { expect, test, url } from "./world";

/** Everything until the inbox is there, compressed, in bytes. */
const BUDGET = 250 * 1024;

test("the first load stays within its budget, and the second asks for nothing of the app again", async ({
  world: { hannah },
}) => {
  const context = await hannah.browser();
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  const paths = new Map<string, string>();
  let bytes = 0;
  wire.on("Network.requestWillBeSent", ({ requestId, request }) => {
    const { pathname } = new URL(request.url);
    paths.set(requestId, pathname);
  });
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    // What the worker keeps for later comes after the first load, and the stream never ends.
    if (!paths.get(requestId)?.startsWith("/v4/live")) bytes += encodedDataLength;
  });
  await page.goto(`${url}/inbox`);
  await expect(page.getByRole("heading", { name: "Inbox" })).toBeVisible();
  await page.getByRole("button", { name: /^Connected/ }).waitFor();
  expect(bytes).toBeLessThan(BUDGET);
  test.info().annotations.push({ type: "first load", description: `${(bytes / 1024).toFixed(1)} KiB` });
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Inbox" })).toBeVisible();
  const fresh = await page.evaluate(() =>
    (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
      .filter(({ name, transferSize }) => name.includes("/assets/") && transferSize > 0)
      .map(({ name }) => name),
  );
  expect(fresh).toEqual([]);
});
