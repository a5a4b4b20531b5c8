// Days, times and moments as the server writes them, and how far they are apart. Years -9999 to 9999, without a zone.

const DATE = /^(\d{4}|-\d{6})-(\d{2})-(\d{2})$/;
const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d{1,9})?)?$/;
const NANOS = 1_000_000_000n;
/** The moments that the server knows, in seconds from 1970. */
const MOMENT_MIN = -377_705_023_201;
const MOMENT_MAX = 253_402_207_200;

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const lengthOf = (year: number, month: number) =>
  month === 2 && isLeap(year) ? 29 : (lengths[month - 1] ?? 0);

function parts(text: string): [number, number, number] | undefined {
  const found = DATE.exec(text);
  if (!found) return undefined;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  if (year === 0 && found[1]?.startsWith("-")) return undefined;
  const fits =
    Math.abs(year) <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= lengthOf(year, month);
  return fits ? [year, month, day] : undefined;
}

export const isDate = (text: string): boolean => parts(text) !== undefined;

/** Days from 1970-01-01; nothing for what is no day. */
export function dayNumber(text: string): number | undefined {
  const found = parts(text);
  if (!found) return undefined;
  const [year, month, day] = found;
  // Years that begin in March, so that the day more is the last; eras of 400 years.
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const within = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const ofEra = within * 365 + Math.floor(within / 4) - Math.floor(within / 100) + ofYear;
  return era * 146_097 + ofEra - 719_468;
}

/** The day that is so many days from 1970-01-01; nothing out of bounds. */
export function dayOf(number: number): string | undefined {
  if (!Number.isSafeInteger(number)) return undefined;
  const from = number + 719_468;
  const era = Math.floor(from / 146_097);
  const ofEra = from - era * 146_097;
  const within = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * within + Math.floor(within / 4) - Math.floor(within / 100));
  const shifted = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = within + era * 400 + (month <= 2 ? 1 : 0);
  if (Math.abs(year) > 9999) return undefined;
  const two = (part: number) => String(part).padStart(2, "0");
  const written = year < 0 ? `-${String(-year).padStart(6, "0")}` : String(year).padStart(4, "0");
  return `${written}-${two(month)}-${two(day)}`;
}

/** Negative where `left` is earlier. */
export const compareDays = (left: string, right: string): number =>
  (dayNumber(left) ?? 0) - (dayNumber(right) ?? 0);

/** With or without seconds, and parts of them as they are printed. */
export function isTime(text: string): boolean {
  const found = CLOCK.exec(text);
  return found !== null && !found[4]?.endsWith("0");
}

/** In nanoseconds from midnight. */
export function nanosOf(time: string): bigint {
  const found = CLOCK.exec(time);
  if (!found) return 0n;
  const seconds = Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3] ?? 0);
  const part = BigInt((found[4] ?? ".0").slice(1).padEnd(9, "0"));
  return BigInt(seconds) * NANOS + part;
}

/** In nanoseconds from 1970; nothing for what is not written as the server writes moments. */
export function momentOf(text: string): bigint | undefined {
  const found = /^(.+)T(\d{2}:\d{2}:\d{2}(?:\.\d+)?)Z$/.exec(text);
  if (!found?.[1] || !found[2] || !isTime(found[2])) return undefined;
  const day = dayNumber(found[1]);
  if (day === undefined) return undefined;
  const nanos = BigInt(day) * 86_400n * NANOS + nanosOf(found[2]);
  const fits = nanos >= BigInt(MOMENT_MIN) * NANOS && nanos < BigInt(MOMENT_MAX + 1) * NANOS;
  return fits ? nanos : undefined;
}

export const isMoment = (text: string): boolean => momentOf(text) !== undefined;
