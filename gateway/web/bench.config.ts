import { defineConfig } from "@playwright/test";
import stories from "./playwright.config";

// A world is made by few people in little time: more than the server lets anybody ask of it.
process.env.NASHI__RATE__REQUESTS ??= "1000000";

// What is timed, without the pictures of it that stories keep, which would be timed as well. Not part of the tests: a busy machine would
// fail them. `ops/bench app` runs it.
export default defineConfig(stories, {
  testDir: "tests/bench",
  workers: 1,
  timeout: 600_000,
  use: { ...stories.use, trace: "off" },
});
