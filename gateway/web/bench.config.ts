import { defineConfig } from "@playwright/test";
import stories from "./playwright.config";

// What is timed. Not part of the tests: a busy machine would fail them. `ops/bench app` runs it.
export default defineConfig(stories, { testDir: "tests/bench", timeout: 600_000 });
