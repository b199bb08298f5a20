// SPDX-License-Identifier: Apache-2.0
import type { Policy } from "../../api/policies";
import { shortUtcDate } from "../../dates";
import { Go } from "../../router";
import { governance } from "../../texts.governance";
import { inShort, isOn, isStaged, nextStart, stageNow, draftOf } from "./model";

const t = governance.policies;

export interface Section { title: string; policies: Policy[]; more?: { name: string; title: string; hint: string } }

/** All policies with their stages; the chosen one is marked. */
export function PolicyList({ sections, home, chosen }: { sections: Section[]; home: string; chosen: string | undefined }) {
  return (
    <nav aria-label={t.list} className="card policy-list">
      {sections.map(({ title, policies, more }) => (
        <section key={title}>
          {sections.length > 1 && <h2>{title}</h2>}
          <ul>
            {policies.map((policy) => (
              <li key={policy.name}>
                <Go to={`${home}/${policy.name}`} aria-current={policy.name === chosen ? "page" : undefined}>
                  <span><strong>{t.names[policy.name] ?? policy.title}</strong><span className="hint">{inShort(policy)}</span></span>
                  <StageTag policy={policy} />
                </Go>
              </li>
            ))}
            {more && (
              <li>
                <Go to={`${home}/${more.name}`} aria-current={more.name === chosen ? "page" : undefined}>
                  <span><strong>{more.title}</strong><span className="hint">{more.hint}</span></span>
                </Go>
              </li>
            )}
          </ul>
        </section>
      ))}
    </nav>
  );
}

function StageTag({ policy }: { policy: Policy }) {
  if (!isOn(policy)) return <span className="stage" data-stage="off">{t.off}</span>;
  if (!isStaged(policy)) return <span className="stage" data-stage="refuse">{t.on}</span>;
  const { dates } = draftOf(policy);
  const stage = policy.stage === "off" ? stageNow(dates) : policy.stage;
  const start = nextStart(dates);
  if (!stage) return <span className="stage" data-stage="report">{start ? t.planned(shortUtcDate(start)) : t.off}</span>;
  return <span className="stage" data-stage={stage}>{t.stages[stage]}</span>;
}
