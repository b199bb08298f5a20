// SPDX-License-Identifier: Apache-2.0
import type { UseQueryResult } from "@tanstack/react-query";
import type { Uses } from "../../api/types";
import { dayAndMonth } from "../../dates";
import { Failed, SkeletonRows } from "../../parts/states";
import { texts } from "../../texts";
import { ClientsTable } from "./ClientsTable";
import { UseChart } from "./UseChart";

/** How often a token was used, day by day, by whom, and what was refused it and why. */
export function UseCard({ query }: { query: UseQueryResult<Uses> }) {
  const uses = query.data;
  return (
    <section className="card" aria-labelledby="use">
      <div className="card-head">
        <h2 id="use">{texts.detail.use}</h2>
        <span className="hint">{texts.detail.past30}</span>
        {uses && <span className="hint numbers use-totals">{texts.detail.totals(uses.totals.accepted, uses.totals.refused)}</span>}
      </div>
      {query.error && <div className="card-part"><Failed query={query} /></div>}
      {uses ? <Shown uses={uses} /> : query.isPending && <SkeletonRows rows={4} />}
    </section>
  );
}

function Shown({ uses }: { uses: Uses }) {
  return (
    <>
      <div className="card-part">
        <UseChart days={uses.days} sentence={sentence(uses)} />
        {uses.totals.accepted + uses.totals.refused > 0 ? <Legend uses={uses} /> : <p className="no-use"><strong>{texts.detail.noUse}.</strong> {texts.detail.noUseWhy}</p>}
      </div>
      {uses.clients.length > 0 && <ClientsTable clients={uses.clients} caption={texts.detail.clients} on />}
    </>
  );
}

function sentence({ days, totals }: Uses): string {
  let most = { day: "", requests: 0 };
  for (const { day, accepted, refused } of days) if (accepted + refused > most.requests) most = { day, requests: accepted + refused };
  return most.requests === 0 ? texts.detail.noChart : texts.detail.chart(totals.accepted, totals.refused, most.requests, dayAndMonth(most.day));
}

function Legend({ uses }: { uses: Uses }) {
  return (
    <ul className="legend">
      <li><i className="bar-accepted" />{texts.detail.accepted}</li>
      {uses.refusals.map(({ reason, count, firstDay, lastDay }) => (
        <li key={reason}>
          <i className="bar-refused" />
          {texts.detail.refusal(texts.detail.reasons[reason] ?? reason, count, firstDay === lastDay ? texts.detail.onDay(dayAndMonth(firstDay)) : texts.detail.betweenDays(dayAndMonth(firstDay), dayAndMonth(lastDay)))}
        </li>
      ))}
    </ul>
  );
}
