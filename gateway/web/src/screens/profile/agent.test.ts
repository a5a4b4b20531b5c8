import { expect, test } from "vitest";
import { programOf } from "./agent";

test("a device is known again by its program and system", () => {
  const chrome =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36";
  expect(programOf(chrome)).toEqual({ program: "Chrome", system: "Linux", phone: false });
  const safari =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1";
  expect(programOf(safari)).toEqual({ program: "Safari", system: "iPhone", phone: true });
  const edge =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
  expect(programOf(edge)).toEqual({ program: "Edge", system: "Windows", phone: false });
});

test("a program that is no browser is called as it calls itself", () => {
  expect(programOf("curl/8.5.0")).toEqual({ program: "curl", system: undefined, phone: false });
  expect(programOf(undefined)).toEqual({ program: "", system: undefined, phone: false });
});
