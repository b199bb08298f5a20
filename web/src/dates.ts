// SPDX-License-Identifier: Apache-2.0

// The server speaks UTC. A reader sees their own zone; where a day is chosen or ends, the UTC instant too. Months are
// words, so that no date can be read two ways.
import { appearance } from "./appearance";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const { clock } = appearance();
  const whole = { ...options, ...(options.hour && clock !== "auto" && { hour12: clock === "12" }) };
  const key = JSON.stringify(whole);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(locale(), whole)));
  return found;
}

// English words, in the order and with the clock of the reader's region: the page around them is English.
function locale(): string {
  return navigator.languages.find((language) => language.startsWith("en-") && language !== "en-US") ?? (navigator.language === "en-US" ? "en-US" : "en-GB");
}

export const zone: string = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** "Oslo" of "Europe/Oslo". */
export const place: string = (zone.split("/").pop() ?? zone).replaceAll("_", " ");

/** "14 Jan 2027" */
export function shortDate(at: string | Date): string {
  return format({ day: "numeric", month: "short", year: "numeric" }).format(new Date(at));
}

/** "14 January 2027", of the UTC day. */
export function longUtcDate(at: string | Date): string {
  return format({ day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(at));
}

/** "14 Jan 2027", of the UTC day. */
export function shortUtcDate(at: string | Date): string {
  return format({ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(new Date(at));
}

/** "1 Dec", of the UTC day. */
export function dayAndMonth(at: string | Date): string {
  return format({ day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(at));
}

/** "00:00", in UTC. */
export function utcTime(at: string | Date): string {
  return format({ hour: "2-digit", minute: "2-digit", timeZone: "UTC" }).format(new Date(at));
}

/** "01:00", here. */
export function localTime(at: string | Date): string {
  return format({ hour: "2-digit", minute: "2-digit" }).format(new Date(at));
}

/** "24 November 2026 at 15:01:22 CET": for tooltips. */
export function exact(at: string | Date): string {
  return format({ day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" }).format(new Date(at));
}

/** "01:00 in Oslo", with the day where it is another one there; undefined where the reader lives by UTC. */
export function elsewhere(at: string | Date): string | undefined {
  if (place === "UTC") return undefined;
  const sameDay = shortDate(at) === shortUtcDate(at);
  return `${sameDay ? "" : shortDate(at) + ", "}${localTime(at)} in ${place}`;
}

/** "18 min ago" within a day, "yesterday, 23:05", then the date. */
export function ago(at: string | Date, now: Date = new Date()): string {
  const then = new Date(at);
  const past = now.getTime() - then.getTime();
  if (past < minute) return "just now";
  if (past < hour) return `${Math.floor(past / minute)} min ago`;
  if (past < 12 * hour || (past < day && sameDay(then, now))) {
    const hours = Math.floor(past / hour);
    return hours === 1 ? "1 hour ago" : `${hours} hours ago`;
  }
  if (sameDay(then, new Date(now.getTime() - day))) return `yesterday, ${localTime(then)}`;
  return shortDate(then);
}

function sameDay(a: Date, b: Date): boolean {
  return a.getFullYear() === b.getFullYear() && a.getMonth() === b.getMonth() && a.getDate() === b.getDate();
}

/** Whole days until `at`, rounded down; negative once it is past. */
export function daysUntil(at: string | Date, now: Date = new Date()): number {
  return Math.floor((new Date(at).getTime() - now.getTime()) / day);
}

/** "in 5 days", "today", "15 days ago" */
export function until(at: string | Date, now: Date = new Date()): string {
  const left = new Date(at).getTime() - now.getTime();
  if (left < 0) {
    const days = Math.floor(-left / day);
    return days === 0 ? "within the last day" : days === 1 ? "1 day ago" : `${days} days ago`;
  }
  const days = Math.floor(left / day);
  return days === 0 ? "today" : days === 1 ? "in 1 day" : `in ${days} days`;
}

/** "21 h", "40 min": what is left until `at`. */
export function timeLeft(at: string | Date, now: Date = new Date()): string {
  const left = Math.max(0, new Date(at).getTime() - now.getTime());
  return left >= hour ? `${Math.floor(left / hour)} h` : `${Math.max(1, Math.floor(left / minute))} min`;
}

/** Midnight UTC, `days` whole days after the one that `now` is in. */
export function utcMidnight(days: number, now: Date = new Date()): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days));
}

/** "25 November, 10:14 in Oslo": a moment soon to come, where the reader is. */
export function moment(at: string | Date): string {
  return `${format({ day: "numeric", month: "long" }).format(new Date(at))}, ${localTime(at)}${place === "UTC" ? " UTC" : ` in ${place}`}`;
}

/** "17 Nov, 22:10"; with the year where it is another one. */
export function dayAndTime(at: string | Date, now: Date = new Date()): string {
  const then = new Date(at);
  const year = then.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const };
  return `${format({ day: "numeric", month: "short", ...year }).format(then)}, ${localTime(then)}`;
}

/** "Sun 10:00" */
export function weekdayAndTime(at: string | Date): string {
  return format({ weekday: "short", hour: "2-digit", minute: "2-digit" }).format(new Date(at)).replace(",", "");
}

/** "Tuesday, 24 November 2026" */
export function wholeDay(at: string | Date): string {
  return format({ weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(new Date(at));
}

/** "10:12:44" */
export function timeOfDay(at: string | Date): string {
  return format({ hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(new Date(at));
}
