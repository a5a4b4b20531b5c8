import { afterEach, expect, test, vi } from "vitest";
import type { Messages } from "./en";
import { first } from "./en/first";
import { formatsIn } from "./format";
import { localeOf } from "./language";

afterEach(() => vi.unstubAllGlobals());

test("a language is written as the person's own part of the world does, where the browser says which", () => {
  vi.stubGlobal("navigator", { languages: ["de-AT", "en-GB", "en-US"] });
  expect([localeOf("en"), localeOf("ru")]).toEqual(["en-GB", "ru"]);
  const day = (locale: string) => formatsIn(locale, first as unknown as Messages).day("2020-03-04");
  expect([day("en-GB"), day("en-US")]).toEqual(["4 Mar 2020", "Mar 4, 2020"]);
});
