import { expect, test } from "vitest";
import type { Formats, Messages } from "~/i18n";
import { files } from "~/i18n/en/files";
import { addressOf, isDrawn, kindOf, nameOf, parted, sizeText } from "./shown";

const t = { files } as Messages;
const format = { number: (value: number | string) => String(value) } as Formats;

test("a name ends in what it ends in, whatever turns its reading", () => {
  expect(nameOf({ name: "invoice\u202egpj.exe" }, t)).toBe("invoicegpj.exe");
  expect(nameOf({ name: "a\r\nb\u0000.txt" }, t)).toBe("a b .txt");
  expect(nameOf({ name: "\u200f " }, t)).toBe("Unnamed file");
});

test("a long name keeps its ending in sight", () => {
  expect(parted("holiday.png")).toEqual(["holi", "day.png"]);
  expect(parted("no ending")).toEqual(["no ending", ""]);
  expect(parted(".profile")).toEqual([".profile", ""]);
  expect(parted("a.verylongending")).toEqual(["a.verylongending", ""]);
  expect(parted("👨‍👩‍👧.jpg").join("")).toBe("👨‍👩‍👧.jpg");
});

test("sizes have at most three digits", () => {
  const said = [0, 999, 1000, 9_949, 9_950, 999_499, 999_500, 250 * 1024 * 1024, 5e12];
  expect(said.map((bytes) => sizeText(bytes, t, format).replace("\u00a0", " "))).toEqual([
    "0 B",
    "999 B",
    "1.0 KB",
    "9.9 KB",
    "10 KB",
    "999 KB",
    "1.0 MB",
    "262 MB",
    "5000 GB",
  ]);
});

test("what may run something is no picture", () => {
  const picture = { attachment_id: 1, name: "a.png", size: 5, media_type: "image/png" };
  expect(kindOf(picture)).toBe("picture");
  expect(isDrawn(picture)).toBe(true);
  expect(isDrawn({ ...picture, size: 50_000_000 })).toBe(false);
  expect(kindOf({ ...picture, media_type: "image/svg+xml" })).toBe("other");
  expect(kindOf({ ...picture, name: "a.pdf", media_type: "application/pdf" })).toBe("text");
});

test("a link leads to the web or nowhere, and a file to the server that is talked to", () => {
  expect(addressOf({ attachment_id: 1, name: "x", url: "javascript:alert(1)" })).toBeUndefined();
  expect(addressOf({ attachment_id: 1, name: "x", url: "https://a.org/x" })).toBe("https://a.org/x");
  const file = { attachment_id: 57, name: "a.pdf", size: 3, url: "https://elsewhere.org/evil" };
  expect(addressOf(file)).toBe("/services/attachment?Id=57");
  expect(addressOf(file, true)).toBe("/services/attachment?Id=57&ispreview=1");
  expect(addressOf({ kept_file: "one", name: "a" })).toBeUndefined();
});
