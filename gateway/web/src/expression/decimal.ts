// Exact decimals of up to 28 digits, as the server counts them: 96 bits and a point. Never floats.

/** `digits` divided by ten `scale` times. */
export interface Decimal {
  digits: bigint;
  scale: number;
}

const SCALE_MAX = 28;
const DIGITS_MAX = 2n ** 96n - 1n;
const ten = (power: number) => 10n ** BigInt(power);
const abs = (value: bigint) => (value < 0n ? -value : value);

/** A number as it is written: digits with a point between them, and a sign; nothing for what cannot be kept exactly. */
export function parse(text: string): Decimal | undefined {
  const found = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!found) return undefined;
  const [, sign, whole = "", part = ""] = found;
  const scale = part.length;
  const digits = BigInt(whole + part) * (sign === "-" ? -1n : 1n);
  return scale > SCALE_MAX || abs(digits) > DIGITS_MAX ? undefined : { digits, scale };
}

export const whole = (value: number | bigint): Decimal => ({ digits: BigInt(value), scale: 0 });

/** Without zeros at the end. */
export function normal({ digits, scale }: Decimal): Decimal {
  let [left, places] = [digits, scale];
  while (places > 0 && left % 10n === 0n) {
    left /= 10n;
    places -= 1;
  }
  return { digits: left, scale: places };
}

export function print({ digits, scale }: Decimal): string {
  const text = abs(digits)
    .toString()
    .padStart(scale + 1, "0");
  const sign = digits < 0n ? "-" : "";
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

export function compare(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.scale, right.scale);
  const difference = raised(left, scale) - raised(right, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

const raised = ({ digits, scale }: Decimal, to: number) => digits * ten(to - scale);

export const negate = ({ digits, scale }: Decimal): Decimal => ({ digits: -digits, scale });
export const isWhole = (value: Decimal): boolean => normal(value).scale === 0;

export function add(left: Decimal, right: Decimal): Decimal | undefined {
  const scale = Math.max(left.scale, right.scale);
  return fitted(raised(left, scale) + raised(right, scale), scale);
}

export function multiply(left: Decimal, right: Decimal): Decimal | undefined {
  return fitted(left.digits * right.digits, left.scale + right.scale);
}

/** To as many digits as there is room for. Nothing for a division by zero. */
export function divide(left: Decimal, right: Decimal): Decimal | undefined {
  if (right.digits === 0n) return undefined;
  // One division with more digits than are kept, and a mark where it did not come out even, so that it is rounded once.
  const more = 2 * SCALE_MAX + 2;
  const above = left.digits * ten(more);
  const quotient = above / right.digits;
  const exact = above % right.digits === 0n;
  const marked = exact ? quotient * 10n : quotient * 10n + (above < 0n !== right.digits < 0n ? -1n : 1n);
  const found = fitted(marked, more + 1 + left.scale - right.scale);
  return found && normal(found);
}

/** The nearest that can be kept: even where two are as near. */
function fitted(digits: bigint, scale: number): Decimal | undefined {
  if (scale < 0) return fitted(digits * ten(-scale), 0);
  let drop = Math.max(0, scale - SCALE_MAX);
  while (drop <= scale) {
    const rounded = cut(digits, drop, "even");
    if (abs(rounded) <= DIGITS_MAX) return { digits: rounded, scale: scale - drop };
    drop += 1;
  }
  return undefined;
}

function cut(digits: bigint, drop: number, half: "even" | "away"): bigint {
  if (drop <= 0) return digits;
  const by = ten(drop);
  const size = abs(digits);
  const [kept, rest] = [size / by, (size % by) * 2n];
  const up = rest > by || (rest === by && (half === "away" || kept % 2n === 1n));
  const rounded = up ? kept + 1n : kept;
  return digits < 0n ? -rounded : rounded;
}

/** To so many places: half away from zero, or to the even neighbour. */
export function round(value: Decimal, places: number, half: "even" | "away" = "away"): Decimal {
  if (value.scale <= places) return value;
  return { digits: cut(value.digits, value.scale - places, half), scale: places };
}
