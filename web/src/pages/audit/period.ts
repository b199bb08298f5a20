// SPDX-License-Identifier: Apache-2.0
import { useMemo } from "react";
import { setSearch, usePlace } from "../../router";

const hour = 3_600_000;
export const periods = ["24h", "48h", "7d", "30d", "custom"] as const;
export type Period = (typeof periods)[number];
const hours = { "24h": 24, "48h": 48, "7d": 168, "30d": 720 };
const usual = "48h";

export interface Span { from: number; to: number }

export interface Shown {
  period: Period;
  /** What the chart shows. */
  whole: Span;
  buckets: number;
  /** The part of it that the list is narrowed to. */
  part: Span | undefined;
}

function span(from: string | null, to: string | null): Span | undefined {
  const [begin, end] = [Date.parse(from ?? ""), Date.parse(to ?? "")];
  return begin < end ? { from: begin, to: end } : undefined;
}

/** The time that the address asks for. */
export function useShown(): Shown {
  const { search } = usePlace();
  const [asked, start, end, from, to] = ["period", "start", "end", "from", "to"].map((name) => search.get(name));
  return useMemo(() => {
    const custom = span(start ?? null, end ?? null);
    const period = periods.find((known) => known === asked && (known !== "custom" || custom)) ?? (usual as Period);
    // Whole hours, so that a bar is an hour or several, and the question stays the same from minute to minute.
    const now = Math.ceil(Date.now() / hour) * hour;
    const whole = period === "custom" && custom ? custom : { from: now - hours[period === "custom" ? usual : period] * hour, to: now };
    return { period, whole, buckets: bucketsOf(whole), part: span(from ?? null, to ?? null) };
  }, [asked, start, end, from, to]);
}

/** As many parts as are whole hours or whole days, and no more than can be told apart. */
function bucketsOf({ from, to }: Span): number {
  const all = Math.max(1, Math.round((to - from) / hour));
  const each = [1, 2, 4, 6, 12, 24, 48, 168].find((size) => all / size <= 48 + 1) ?? Math.ceil(all / 48);
  return Math.max(1, Math.min(500, Math.ceil(all / each)));
}

export function choosePeriod(period: Period): void {
  setSearch({ period: period === usual ? undefined : period, start: undefined, end: undefined, from: undefined, to: undefined, after: undefined });
}

export function chooseCustom({ from, to }: Span): void {
  setSearch({ period: "custom", start: new Date(from).toISOString(), end: new Date(to).toISOString(), from: undefined, to: undefined, after: undefined });
}

export function choosePart(part: Span | undefined): void {
  setSearch({ from: part && new Date(part.from).toISOString(), to: part && new Date(part.to).toISOString(), after: undefined });
}
