// SPDX-License-Identifier: Apache-2.0
import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useRef } from "react";
import type { Ending } from "../../api/types";
import { dayAndMonth, shortDate, utcMidnight } from "../../dates";
import { usePhone, useWidth } from "../../parts/media";
import { texts } from "../../texts";
import { useEnding } from "./list";

const days = 90;
const inset = 10;

/** What ends in the next 90 days, on a line; on phones a sentence, and only where one is needed. */
export function Strip({ organization }: { organization: string }) {
  const { data } = useEnding(organization);
  const phone = usePhone();
  if (!data || data.total === 0) return null;
  const soon = data.endingIn7Days;
  if (phone) {
    return soon === 0 ? null : (
      <MessageBar intent="warning" layout="multiline" className="strip-message">
        <MessageBarBody><MessageBarTitle>{texts.strip.within7(soon)}.</MessageBarTitle> {texts.strip.regenerate}</MessageBarBody>
      </MessageBar>
    );
  }
  return (
    <section className="card strip">
      <h2>{texts.strip.title}<span className="hint">{soon === 0 ? texts.strip.noneWithin7 : texts.strip.within7(soon)}</span></h2>
      <Line ending={data} />
    </section>
  );
}

function Line({ ending }: { ending: Ending }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const start = Date.now();
  const at = (moment: string | Date) => inset + ((new Date(moment).getTime() - start) / (days * 86_400_000)) * (width - 2 * inset);
  const week = inset + (7 / days) * (width - 2 * inset);
  const labels = placeLabels(ending, at, width);
  return (
    <div ref={box} className="strip-line">
      {width > 0 && (
        <svg role="img" aria-label={inWords(ending)} width={width} height={56}>
          <rect className="strip-week" x={inset} y={21} width={week - inset} height={14} rx={4} />
          <line x1={inset} x2={width - inset} y1={28} y2={28} />
          {firstsOfMonths().map((first) => (
            <g key={first.getTime()}>
              <line x1={at(first)} x2={at(first)} y1={22} y2={34} />
              {at(first) > inset + 60 && <text className="strip-day" x={at(first)} y={50} textAnchor="middle">{dayAndMonth(first)}</text>}
            </g>
          ))}
          <text className="strip-day" x={inset} y={50}>{texts.strip.today}</text>
          {ending.value.map(({ id, name, validTo }) => (
            <g key={id}>
              <circle data-soon={at(validTo) <= week} cx={at(validTo)} cy={28} r={5}><title>{texts.strip.on(name, shortDate(validTo))}</title></circle>
              {labels.has(id) && <text x={at(validTo) - 5} y={14}>{labels.get(id)}</text>}
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

/** The first of the next months that lie on the line. */
function firstsOfMonths(): Date[] {
  const today = utcMidnight(0);
  return [1, 2, 3]
    .map((month) => new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + month, 1)))
    .filter((first) => first < utcMidnight(days));
}

/** Names above the dots, the soonest first, as far as they don't touch. About 6.5 pixels a letter. */
function placeLabels(ending: Ending, at: (moment: string) => number, width: number): Map<string, string> {
  const labels = new Map<string, string>();
  let free = 0;
  for (const { id, name, validTo } of ending.value) {
    const text = name.length > 26 ? name.slice(0, 24).trimEnd() + "…" : name;
    const from = at(validTo) - 5;
    const to = from + text.length * 6.5 + 16;
    if (from < free || to > width) continue;
    labels.set(id, text);
    free = to;
  }
  return labels;
}

function inWords({ value, total, endingIn7Days }: Ending): string {
  const named = value.slice(0, 10).map(({ name, validTo }) => texts.strip.on(name, shortDate(validTo)));
  if (total > named.length) named.push(texts.strip.andMore(total - named.length));
  return texts.strip.sentence(total, endingIn7Days, named.join(", "));
}
