import { beforeEach, expect, test } from "vitest";
import { Hearing, isPlain, isPress, type Pressed } from "./keys";

const pressed = (key: string, more: Partial<Pressed> & { third?: boolean } = {}): Pressed => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  getModifierState: (name) => name === "AltGraph" && more.third === true,
  ...more,
});
const is = (press: string, event: Pressed, mac = false) => isPress(press, event, mac);

test("a letter is itself in every alphabet, with and without what commands are held with", () => {
  expect(is("j", pressed("j"))).toBe(true);
  expect(is("j", pressed("о", { code: "KeyJ" }))).toBe(true);
  expect(is("$mod+k", pressed("л", { code: "KeyK", ctrlKey: true }))).toBe(true);
  expect(is("$mod+k", pressed("л", { code: "KeyK", metaKey: true }), true)).toBe(true);
  expect(is("[", pressed("х", { code: "BracketLeft" }))).toBe(true);
  // By what it says where it says a Latin letter: there Q is where A is elsewhere.
  expect(is("a", pressed("q", { code: "KeyA" }))).toBe(false);
});

test("what is held beside it counts, but for what a sign is written with", () => {
  expect(is("a", pressed("A", { shiftKey: true }))).toBe(false);
  expect(is("Shift+A", pressed("A", { shiftKey: true }))).toBe(true);
  expect(is("Shift+A", pressed("Ф", { code: "KeyA", shiftKey: true }))).toBe(true);
  expect(is("a", pressed("A"))).toBe(true);
  expect(is("k", pressed("k", { ctrlKey: true }))).toBe(false);
  expect(is("Shift+?", pressed("?", { shiftKey: true }))).toBe(true);
  expect(is("/", pressed("/", { shiftKey: true, code: "Digit7" }))).toBe(true);
  expect(is("[", pressed("[", { third: true, ctrlKey: true, altKey: true }))).toBe(true);
  expect(is("$mod+Shift+z", pressed("Z", { ctrlKey: true, shiftKey: true }))).toBe(true);
  expect(is("$mod+z", pressed("Z", { ctrlKey: true, shiftKey: true }))).toBe(false);
});

const offered = ["a", "g a", "e", "$mod+k", "Escape", "v 1", "e"].map((keys, id) => ({ id, keys }));
let hearing = new Hearing(false);
beforeEach(() => {
  hearing = new Hearing(false);
});
const hear = (event: Pressed, now = 0) => hearing.hear(event, offered, now)?.keys;

test("what one press began, the next one ends, and does nothing of its own", () => {
  expect(hear(pressed("g"))).toBeUndefined();
  expect(hear(pressed("a"))).toBe("g a");
  expect(hear(pressed("a"))).toBe("a");
  expect(hear(pressed("g"))).toBeUndefined();
  // Nobody who pressed `g` meant to put a task away.
  expect(hear(pressed("e"))).toBeUndefined();
  expect(hear(pressed("e"))).toBe("e");
  expect(hear(pressed("v"))).toBeUndefined();
  expect(hear(pressed("Shift", { shiftKey: true }))).toBeUndefined();
  expect(hear(pressed("1", { shiftKey: true }))).toBe("v 1");
});

test("what is not gone on with in time is forgotten, and what can be meant in one way only is heard all the same", () => {
  expect(hear(pressed("g"))).toBeUndefined();
  expect(hear(pressed("a"), 1_500)).toBe("a");
  expect(hear(pressed("g"))).toBeUndefined();
  expect(hear(pressed("Escape"))).toBe("Escape");
  expect(hear(pressed("g"))).toBeUndefined();
  expect(hear(pressed("k", { ctrlKey: true }))).toBe("$mod+k");
});

test("of several for the same keys the last one offered is meant", () => {
  expect(hearing.hear(pressed("e"), offered, 0)?.id).toBe(6);
});

test("keys that write something are told from those that command", () => {
  expect(["a", "Shift+A", "Shift+?", "g i", "["].map(isPlain)).toEqual([true, true, true, true, true]);
  expect(["$mod+k", "Escape", "Alt+n", "$mod+Shift+Enter"].map(isPlain)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
