// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { useActivity, type AuditFilter } from "../../api/audit";
import type { Of } from "../../api/governed";
import { dayAndTime, shortDate } from "../../dates";
import { DayButton } from "../../parts/DayButton";
import { Segmented } from "../../parts/Segmented";
import { Failed, SkeletonRows } from "../../parts/states";
import { governance } from "../../texts.governance";
import { ActivityChart, sumOf } from "./ActivityChart";
import { chooseCustom, choosePart, choosePeriod, periods, type Shown, type Span } from "./period";

const t = governance.audit;
const day = 86_400_000;

/** How much happened when, and the choice of the time that the list shows. */
export function ActivityCard({ of, filter, shown }: { of: Of; filter: AuditFilter; shown: Shown }) {
  const { period, whole, part, buckets } = shown;
  const query = useActivity(of, { ...filter, startTime: new Date(whole.from).toISOString(), endTime: new Date(whole.to).toISOString() }, buckets);
  const { counts = [], refusals = [] } = query.data ?? {};
  return (
    <section className="card activity-card" aria-labelledby="activity">
      <header>
        <h2 id="activity">{period === "custom" ? t.between(shortDate(new Date(whole.from)), shortDate(new Date(whole.to - 1))) : t.past[period]}</h2>
        {query.data && <span className="hint numbers" role="status">{t.entries(sumOf(counts), sumOf(refusals))}</span>}
        <Segmented label={t.period} value={period} options={periods.map((value) => ({ value, text: t.periods[value] }))} onChange={(value) => (value === "custom" ? chooseCustom(whole) : choosePeriod(value))} />
      </header>
      {period === "custom" && <Days whole={whole} />}
      {query.error && <div className="activity-note"><Failed query={query} /></div>}
      {!query.data ? query.isPending && <SkeletonRows rows={2} /> : (
        <div className={query.isPlaceholderData ? "stale" : ""}><ActivityChart key={`${query.data.startTime} ${counts.length}`} activity={query.data} part={part} onPart={choosePart} /></div>
      )}
      <footer>
        {part ? (
          <>
            <span className="hint">{t.between(dayAndTime(new Date(part.from)), dayAndTime(new Date(part.to)))}</span>
            <Button size="small" onClick={() => chooseCustom(part)}>{t.closer}</Button>
            <Button size="small" onClick={() => choosePart(undefined)}>{t.wholeTime}</Button>
          </>
        ) : <span className="hint">{t.brush}</span>}
        {query.data?.complete === false && <span className="hint">{t.incomplete}</span>}
      </footer>
    </section>
  );
}

/** A calendar gives days of UTC; here they are the reader's own. */
const localDay = (utc: Date, after = 0) => new Date(utc.getUTCFullYear(), utc.getUTCMonth(), utc.getUTCDate() + after).getTime();
const asUtc = (at: number) => {
  const local = new Date(at);
  return new Date(Date.UTC(local.getFullYear(), local.getMonth(), local.getDate()));
};

function Days({ whole }: { whole: Span }) {
  const earliest = new Date(Date.now() - 3 * 365 * day);
  const first = asUtc(whole.from);
  const last = asUtc(whole.to - 1);
  return (
    <div className="custom-days">
      <span>{t.from}</span>
      <DayButton label={t.from} text={shortDate(new Date(whole.from))} day={first} earliest={earliest} latest={new Date()} onDay={(chosen) => chooseCustom({ from: localDay(chosen), to: Math.max(whole.to, localDay(chosen, 1)) })} />
      <span>{t.to}</span>
      <DayButton label={t.to} text={shortDate(new Date(whole.to - 1))} day={last} earliest={earliest} latest={new Date()} onDay={(chosen) => chooseCustom({ from: Math.min(whole.from, localDay(chosen)), to: localDay(chosen, 1) })} />
    </div>
  );
}
