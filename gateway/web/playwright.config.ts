import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "tests/e2e",
  globalSetup: "./tests/e2e/server.ts",
  outputDir: "test-results",
  reporter: [["list"]],
  forbidOnly: true,
  // On a machine that is busy with something else a story may take too long: it is told once more, and named as flaky.
  retries: 1,
  // While one story waits for its server or its browser, another goes on. Each worker has a server of its own; nothing is timed here.
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    launchOptions: {
      executablePath: process.env.NASHI_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
    // What cannot be pressed by then never will be.
    actionTimeout: 30_000,
    locale: "en-US",
    timezoneId: "Europe/Berlin",
    // To record everything takes a browser about as long again as to do it: what fails is recorded as it is told once more.
    trace: "on-first-retry",
  },
});
