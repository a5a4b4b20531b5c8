// Dates, spans and numbers as a language writes them. The dialect's moments are UTC; people see their own zone.

import type { Person } from "~/api/types";
import type { Messages } from "./en";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Formats {
  /** `14:05`, `Mon`, `3 Mar`, `3 Mar 2025`: as short as it can be told today. */
  short(moment: string): string;
  /** Day and time in full. */
  full(moment: string): string;
  /** A day without a time, `YYYY-MM-DD`. */
  day(date: string): string;
  /** The same with its weekday, and today, tomorrow and yesterday by their names. */
  dayName(date: string): string;
  time(moment: string): string;
  /** A moment of the next days with its weekday and time. */
  soon(moment: Date): string;
  /** "5 minutes ago", "in 3 days". */
  relative(moment: string): string;
  number(value: number | string, decimals?: number): string;
  /** Minutes as hours and minutes. */
  span(minutes: number): string;
  person(person: Pick<Person, "first_name" | "last_name" | "email"> | null | undefined): string;
  list(parts: string[]): string;
}

/** A text as it begins a line. */
export const begun = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** The local day of a moment, as the dialect writes days. */
export function dayOf(moment: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** A day as the moment at which it begins here. */
export function fromDay(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date);
}

/** Made when it is first wanted: each takes the browser longer than all that it ever writes. */
function late<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** `locale` is a language, or one of a region (BCP 47). */
export function formatsIn(locale: string, t: Messages): Formats {
  const make = (options: Intl.DateTimeFormatOptions) => late(() => new Intl.DateTimeFormat(locale, options));
  const time = make({ hour: "numeric", minute: "2-digit" });
  const weekday = make({ weekday: "short" });
  const monthDay = make({ day: "numeric", month: "short" });
  const yearDay = make({ day: "numeric", month: "short", year: "numeric" });
  const weekdayDay = make({ weekday: "short", day: "numeric", month: "short" });
  const soon = make({ weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
  const full = make({ dateStyle: "long", timeStyle: "short" });
  const relative = late(() => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));
  const list = late(() => new Intl.ListFormat(locale, { type: "conjunction" }));
  const numbers = new Map<number, Intl.NumberFormat>();
  const day = (date: Date, now: Date) =>
    (date.getFullYear() === now.getFullYear() ? monthDay() : yearDay()).format(date);
  const apart = (date: Date, now: Date) =>
    Math.round((fromDay(dayOf(date)).getTime() - fromDay(dayOf(now)).getTime()) / DAY);
  return {
    short(moment) {
      const date = new Date(moment);
      const now = new Date();
      const days = apart(date, now);
      if (days === 0) return time().format(date);
      if (days < 0 && days > -7) return weekday().format(date);
      return day(date, now);
    },
    full: (moment) => full().format(new Date(moment)),
    day: (date) => day(fromDay(date), new Date()),
    dayName(text) {
      const date = fromDay(text);
      const now = new Date();
      const days = apart(date, now);
      if (Math.abs(days) <= 1) return relative().format(days, "day");
      return Math.abs(days) < 300 ? weekdayDay().format(date) : yearDay().format(date);
    },
    time: (moment) => time().format(new Date(moment)),
    soon: (moment) => soon().format(moment),
    relative(moment) {
      const gone = new Date(moment).getTime() - Date.now();
      const size = Math.abs(gone);
      if (size < MINUTE) return t.common.justNow;
      if (size < HOUR) return relative().format(Math.round(gone / MINUTE), "minute");
      if (size < DAY) return relative().format(Math.round(gone / HOUR), "hour");
      if (size < 30 * DAY) return relative().format(Math.round(gone / DAY), "day");
      return day(new Date(moment), new Date());
    },
    number(value, decimals) {
      const key = decimals ?? -1;
      let format = numbers.get(key);
      if (!format) {
        format = new Intl.NumberFormat(
          locale,
          decimals === undefined
            ? { maximumFractionDigits: 20 }
            : { minimumFractionDigits: decimals, maximumFractionDigits: decimals },
        );
        numbers.set(key, format);
      }
      // A text keeps all of its digits.
      return format.format(value as number);
    },
    span(minutes) {
      const hours = Math.floor(minutes / 60);
      const rest = minutes % 60;
      return [hours > 0 && t.common.hours(hours), (rest > 0 || hours === 0) && t.common.minutes(rest)]
        .filter(Boolean)
        .join(" ");
    },
    person(person) {
      if (!person) return "";
      return (
        [person.first_name, person.last_name].filter(Boolean).join(" ") || person.email || t.common.somebody
      );
    },
    list: (parts) => list().format(parts),
  };
}
