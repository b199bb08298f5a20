// SPDX-License-Identifier: Apache-2.0
import { CheckmarkCircle20Filled, Shield16Regular, SubtractCircle20Regular } from "@fluentui/react-icons";
import { longUtcDate } from "../../dates";
import { scopeName } from "../../parts/ScopeTags";
import { useSession } from "../../session";
import { texts } from "../../texts";
import { endOf, type Catalogue, type Draft } from "./model";

/** The form's meaning in words, while it is filled in. */
export function Summary({ draft, catalogue }: { draft: Draft; catalogue: Catalogue | undefined }) {
  const { user } = useSession();
  const end = endOf(draft);
  const held = catalogue?.held(draft.scopes) ?? new Set<string>();
  const can = draft.full ? [texts.form.canAll] : draft.scopes.map((id) => texts.can[id] ?? catalogue?.scope(id)?.description ?? id);
  const cannot = draft.full ? [texts.form.cannotTokens] : Object.entries(texts.cannot).filter(([id]) => !held.has(id)).map(([, text]) => text);
  const high = draft.scopes.filter((id) => catalogue?.scope(id)?.highPrivilege).map((id) => {
    const group = catalogue?.group(id);
    return group ? scopeName(group, catalogue?.scope(id)?.title ?? id) : id;
  });
  if (draft.full) high.push(texts.scopes.full);
  return (
    <div className="summary">
      <h3>{texts.form.canTitle}</h3>
      {can.length === 0 ? <p className="hint">{texts.form.canNothing}</p> : (
        <ul>
          {can.map((text) => <li key={text}><CheckmarkCircle20Filled className="can" /><span>{text}</span></li>)}
          {cannot.length > 0 && <li className="not"><SubtractCircle20Regular /><span>{texts.form.not(cannot.slice(0, 4).join(", "))}</span></li>}
        </ul>
      )}
      <hr />
      <h3>{texts.form.where}</h3>
      <p>
        {texts.form.in} <strong>{draft.allOrganizations ? texts.form.allOrganizations : draft.organization}</strong>{texts.form.as} <strong>{user.displayName}</strong>
        {end && <>{texts.form.untilWord} <strong>{longUtcDate(end)}</strong></>}.
      </p>
      <p className="hint">{texts.form.notice}</p>
      {high.length > 0 && (
        <>
          <hr />
          <p className="high"><Shield16Regular /><span><strong>{high.join(", ")}</strong> {draft.full ? texts.form.highFull : texts.form.highWhy(high.length)}</span></p>
        </>
      )}
    </div>
  );
}
