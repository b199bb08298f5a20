// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { Checkmark16Filled } from "@fluentui/react-icons";
import type { Policy, Stage, StageDates } from "../../api/policies";
import { shortUtcDate, utcMidnight } from "../../dates";
import { DayButton } from "../../parts/DayButton";
import { governance } from "../../texts.governance";
import { disordered, stageNow } from "./model";

const t = governance.policies;

interface Props { policy: Policy; dates: StageDates; faults: Partial<Record<Stage, string>>; onChange: (dates: StageDates) => void }

/** The stages of a policy, each with the day on which it begins. */
export function Rollout({ policy, dates, faults, onChange }: Props) {
  const now = stageNow(dates);
  const wrong = disordered(dates);
  const reached = now ? policy.stages.indexOf(now) : -1;
  const set = (stage: Stage, date: string | undefined) => {
    const { [`${stage}From` as const]: _, ...rest } = dates;
    onChange(date === undefined ? rest : { ...rest, [`${stage}From`]: date });
  };
  return (
    <section className="rollout">
      <h3>{t.rollout}</h3>
      <ol>
        {policy.stages.map((stage, index) => {
          const at = dates[`${stage}From`];
          const state = index === reached ? "now" : index < reached ? (at ? "past" : "skipped") : "later";
          const { name, does } = t.stage[stage];
          const text = at ? shortUtcDate(at) : stage === now ? t.isNow : t.notPlanned;
          const fault = faults[stage] ?? (stage === wrong ? t.order : undefined);
          return (
            <li key={stage} data-state={state} data-passed={state === "past"} {...(state === "now" && { "aria-current": "step" as const })}>
              <span className="stage-mark" aria-hidden="true">{state === "past" && <Checkmark16Filled />}</span>
              <div>
                <strong>{name}</strong>
                {state === "past" && <span className="hidden">{t.isPast}</span>}
                {state === "now" && <span className="hidden">{t.isCurrent}</span>}
                <span className="stage-day">
                  <DayButton
                    label={name}
                    text={text}
                    day={at ? new Date(at) : undefined}
                    earliest={utcMidnight(0)}
                    onDay={(day) => set(stage, (day <= new Date() ? new Date() : day).toISOString())}
                    more={(close) => (
                      <>
                        <Button size="small" onClick={() => { set(stage, new Date().toISOString()); close(); }}>{governance.days.now}</Button>
                        <Button size="small" onClick={() => { set(stage, undefined); close(); }}>{t.notPlanned}</Button>
                      </>
                    )}
                  />
                  {state === "now" && at && <span>· {t.isNow}</span>}
                </span>
                <span className="hint">{does}</span>
                {fault && <span className="fault" role="alert">{fault}</span>}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
