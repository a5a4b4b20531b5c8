// Which keys were pressed: by what they say, and by where they are where they say it in another alphabet. One press may begin what a
// second one ends, such as `g i`. Pure, but for whether letters are listened to at all.

/** What a keyboard event says of itself. */
export type Pressed = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "getModifierState"
>;

/** How long the second of two presses may take, in milliseconds. */
const TOGETHER = 1_000;
const MODIFIERS = new Set(["Control", "Meta", "Alt", "AltGraph", "Shift", "CapsLock"]);
const CODES: Record<string, string> = { BracketLeft: "[", BracketRight: "]", Slash: "/" };

/** What a key says: `a` also where the same key says `ф`, so that keys need no other layout. */
function signOf({ key, code }: Pressed): string {
  if (key.length !== 1 || key.charCodeAt(0) < 128) return key.toLowerCase();
  return CODES[code] ?? /^(?:Key|Digit)(.)$/.exec(code)?.[1]?.toLowerCase() ?? key.toLowerCase();
}

/** Whether that press, such as `$mod+Shift+z`, is this one. */
export function isPress(press: string, event: Pressed, mac: boolean): boolean {
  const held = press.split("+");
  const key = (held.pop() ?? "").toLowerCase();
  const sign = signOf(event);
  if (sign !== key) return false;
  const has = (name: string) =>
    held.includes(name) || (name === (mac ? "Meta" : "Control") && held.includes("$mod"));
  // A sign says itself what was held to write it: `?` and `/` are with Shift here and without it there.
  const written = key.length === 1 && !/\p{Letter}/u.test(key) && !has("Control") && !has("Meta");
  const third = written && event.getModifierState("AltGraph");
  return (
    (third || event.ctrlKey === has("Control")) &&
    event.metaKey === has("Meta") &&
    (third || event.altKey === has("Alt")) &&
    (written || event.shiftKey === has("Shift"))
  );
}

/** Whether it needs none of the keys that write nothing: what speaks or shakes may press it unasked. */
export const isPlain = (keys: string): boolean =>
  keys.split(" ").some((press) => {
    const held = press.split("+");
    return (held.pop() ?? "").length === 1 && held.every((name) => name === "Shift");
  });

interface Bound {
  keys?: string;
}

/** Hears one press after the other and says what they are for; the last of those that are for the same. */
export class Hearing {
  private begun: { press: string[]; at: number } | undefined;

  constructor(private readonly mac: boolean) {}

  hear<T extends Bound>(event: Pressed, offered: readonly T[], now: number): T | undefined {
    if (MODIFIERS.has(event.key)) return undefined;
    const begun = this.begun && now - this.begun.at <= TOGETHER ? this.begun.press : [];
    this.begun = undefined;
    const at = begun.length;
    const fits = (presses: string[]) =>
      presses.length > at &&
      begun.every((press, index) => presses[index] === press) &&
      isPress(presses[at] ?? "", event, this.mac);
    const fitting = offered.filter(({ keys }) => keys && fits(keys.split(" ")));
    const whole = fitting.findLast(({ keys = "" }) => keys.split(" ").length === at + 1);
    if (whole) return whole;
    const begins = fitting.at(-1)?.keys?.split(" ")[at];
    if (begins) this.begun = { press: [...begun, begins], at: now };
    // What was begun was for something else: what ends it in no way does nothing, unless it can be meant in no other.
    else if (at > 0 && (event.key.length > 1 || event.ctrlKey || event.metaKey))
      return this.hear(event, offered, now);
    return undefined;
  }
}

const LETTERS = "nashi:letters";
let held = true;

/** Whether letters do things by themselves, as this person wishes. */
export function lettersWork(): boolean {
  try {
    return localStorage.getItem(LETTERS) !== "off";
  } catch {
    return held;
  }
}

export function letLettersWork(on: boolean): void {
  held = on;
  try {
    if (on) localStorage.removeItem(LETTERS);
    else localStorage.setItem(LETTERS, "off");
  } catch {
    // It holds until the tab is closed.
  }
}
