// SPDX-License-Identifier: Apache-2.0
import { LockClosed16Regular } from "@fluentui/react-icons";
import { lazy, Suspense, useId } from "react";
import type { Hints } from "../../api/types";
import { daysUntil, elsewhere, longUtcDate, utcMidnight, utcTime } from "../../dates";
import { Segmented } from "../../parts/Segmented";
import { texts } from "../../texts";
import { endOf, isAllowedEnd, type Draft, type Expiry } from "./model";

const loadCalendar = () => import("./DayCalendar");
const DayCalendar = lazy(loadCalendar);

interface Props {
  draft: Draft;
  hints: Hints | undefined;
  fault: string | undefined;
  onChange: (change: Partial<Draft>) => void;
}

/** The day that the calendar begins with: the one that was chosen by its number, if it is allowed. */
function firstDay(end: Date | undefined, hints: Hints | undefined): Date {
  const day = end && end > utcMidnight(0) ? new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth(), end.getUTCDate())) : utcMidnight(30);
  return isAllowedEnd(day, hints) ? day : new Date(hints?.latestValidTo ?? day);
}

/** Until when: a number of days, or a day of the calendar. The instant is named in UTC and in the reader's zone. */
export function Expiration({ draft, hints, fault, onChange }: Props) {
  const id = useId();
  const end = endOf(draft);
  const choices: Expiry[] = draft.kept === undefined ? ["30", "60", "90", "custom"] : ["keep", "30", "60", "90", "custom"];
  const options = choices.map((value) => ({
    value,
    text: texts.form.expiry[value],
    disabled: value !== "custom" && value !== "keep" && !isAllowedEnd(utcMidnight(Number(value)), hints),
  }));
  return (
    <div className="form-field" data-field="expiry" onMouseEnter={() => { loadCalendar().catch(() => undefined); }}>
      <span id={id} className="form-label">{texts.form.expiration}</span>
      <div>
        <Segmented label={texts.form.expiration} labelledBy={id} value={draft.expiry} options={options} onChange={(expiry) => onChange({ expiry, ...(expiry === "custom" && { day: draft.day ?? firstDay(end, hints) }) })} />
      </div>
      {draft.expiry === "custom" ? (
        <div className="form-custom">
          <div className="form-calendar">
            <Suspense fallback={<div className="calendar-room" />}>
              <DayCalendar day={draft.day} latest={hints?.latestValidTo} onDay={(day) => onChange({ day })} />
            </Suspense>
          </div>
          <div>
            {end && <strong>{longUtcDate(end)}</strong>}
            <p className="hint">{end ? texts.form.endsCustom(utcTime(end), elsewhere(end), daysUntil(end)) : texts.form.chooseDay}</p>
            {hints?.latestValidTo && (
              <p className="lock"><LockClosed16Regular />{texts.form.latest(longUtcDate(hints.latestValidTo), hints.longestByPolicy ? hints.longestDays : undefined, draft.organization)}</p>
            )}
          </div>
        </div>
      ) : (
        end && (
          <p className="hint">
            {texts.form.ends} <strong>{longUtcDate(end)}</strong> {texts.form.endsAt(utcTime(end), elsewhere(end))}
            {hints?.longestByPolicy && hints.longestDays !== undefined && " " + texts.form.longest(draft.organization, hints.longestDays)}
          </p>
        )
      )}
      {fault && <p className="fault" role="alert">{fault}</p>}
    </div>
  );
}
