// What the first visit costs on the wire: counted, not timed.

import { expect, test, url, watchRows } from "./world";

/** Everything until the inbox is there and connected, compressed, in bytes. */
const BUDGET = 250 * 1024;
/** The app's scripts that the inbox's rows need: what begins, the app, the runtime of its parts, and the words of one language. */
const SCRIPTS_MAX = 4;
/** Scripts, styles and page until rows are there, compressed, in bytes; what the inbox holds is not the app's. */
const FIRST = 122 * 1024;

test("the first load stays within its budget, and the second asks for nothing of the app again", async ({
  world: { hannah },
}) => {
  const context = await hannah.browser();
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  // What is asked for until the stream is opened, which is the last that the first load does and never ends. What comes
  // later is fetched while nobody waits: a slow machine must not make it look like a part of the first load.
  const first = new Set<string>();
  let opened = false;
  let bytes = 0;
  wire.on("Network.requestWillBeSent", ({ requestId, request }) => {
    opened ||= new URL(request.url).pathname.startsWith("/v4/live");
    if (!opened) first.add(requestId);
  });
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (first.has(requestId)) bytes += encodedDataLength;
  });
  await page.goto(`${url}/inbox`);
  await expect(page.getByRole("heading", { name: "Inbox" })).toBeVisible();
  await page.getByRole("button", { name: /^Connected/ }).waitFor();
  expect(opened).toBe(true);
  // The page alone is more than nothing: a count that stays empty counts the wrong thing.
  expect(bytes).toBeGreaterThan(100 * 1024);
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

test("the inbox's rows need few files, each asked for at once, and no answer twice", async ({
  world: { hannah, irene },
}) => {
  await irene.task("Something to see first", { responsible: { id: hannah.id } });
  const context = await hannah.browser();
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  const asked: { path: string; by: string; at: number; after: Set<string> }[] = [];
  const came: { path: string; bytes: number; at: number }[] = [];
  const paths = new Map<string, string>();
  /** Between the network's clock and that of the world, in seconds. */
  let apart = 0;
  wire.on("Network.requestWillBeSent", ({ requestId, request, initiator, timestamp, wallTime }) => {
    const { pathname } = new URL(request.url);
    const by = initiator.stack?.callFrames[0]?.url ?? "";
    apart = wallTime - timestamp;
    paths.set(requestId, pathname);
    // What had come by then: whoever is asked for after something has come may have waited for it.
    asked.push({ path: pathname, by, at: wallTime * 1_000, after: new Set(came.map(({ path }) => path)) });
  });
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength, timestamp }) => {
    const path = paths.get(requestId) ?? "";
    came.push({ path, bytes: encodedDataLength, at: (timestamp + apart) * 1_000 });
  });
  // A slow network tells what waits for what.
  await wire.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 150,
    downloadThroughput: 200_000,
    uploadThroughput: 93_750,
  });
  const rows = await watchRows(page, wire);
  await page.goto(`${url}/inbox`);
  const { there } = await rows();
  const scripts = asked.filter(({ path, at }) => path.endsWith(".js") && at < there);
  const own = came.filter(({ path, at }) => at < there && !path.startsWith("/v4/"));
  const bytes = own.reduce((sum, file) => sum + file.bytes, 0);
  const names = scripts.map(({ path }) => path).join(", ");
  expect(scripts.length, names).toBeLessThanOrEqual(SCRIPTS_MAX);
  expect(bytes, own.map((file) => `${file.path} ${file.bytes}`).join(", ")).toBeLessThan(FIRST);
  // The words come after what begins, which knows the language; nothing comes after the app itself.
  const app = scripts.find(({ path }) => path.startsWith("/assets/app-"))?.path ?? "";
  expect(app).not.toBe("");
  expect(scripts.filter(({ after }) => after.has(app)).map(({ path }) => path)).toEqual([]);
  for (const path of ["/v4/session", "/v4/inbox"]) {
    const times = asked.filter((request) => request.path === path && request.at < there);
    expect(times.length, path).toBe(1);
    // By what begins, and not by the app, however long the answer before it takes on a busy machine.
    expect(times[0]?.by, path).toMatch(/\/assets\/begin-/);
  }
  test.info().annotations.push({
    type: "rows of the inbox",
    description: `${scripts.length} scripts, ${(bytes / 1024).toFixed(1)} KiB`,
  });
});
