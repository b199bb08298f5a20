// SPDX-License-Identifier: Apache-2.0
import { Radio, RadioGroup, SearchBox, Switch } from "@fluentui/react-components";
import { LockClosed16Regular } from "@fluentui/react-icons";
import { useId, useState } from "react";
import type { Hints, ScopeGroup } from "../../api/types";
import { usePhone } from "../../parts/media";
import { SkeletonRows } from "../../parts/states";
import { texts } from "../../texts";
import type { Catalogue, Draft } from "./model";
import { forbiddenIn, packagingOnly, refusalOf } from "./rules";
import { ScopeRow } from "./ScopeRow";

interface Props {
  draft: Draft;
  catalogue: Catalogue | undefined;
  hints: Hints | undefined;
  fault: string | undefined;
  onChange: (change: Partial<Draft>) => void;
}

/** Full access, or scopes by group. */
export function ScopePicker({ draft, catalogue, hints, fault, onChange }: Props) {
  const id = useId();
  const phone = usePhone();
  const [text, setText] = useState("");
  const [everything, setEverything] = useState(false);
  const packaging = packagingOnly(hints);
  const full = hints?.fullAccess;
  const forbidden = packaging || full?.allowed === false;
  const forbiddenScopes = forbiddenIn(hints, catalogue);
  const groups = catalogue?.groups.filter((group) => isShown(group, text, everything, draft.scopes)) ?? [];

  return (
    <div className="form-field" data-field="scopes">
      <span id={id} className="form-label">{texts.form.scopes}</span>
      <RadioGroup aria-labelledby={id} value={draft.full ? "full" : "custom"} onChange={(_, { value }) => onChange({ full: value === "full" })}>
        <Radio value="custom" label={<>{texts.form.custom} <span className="hint-inline">{texts.form.customWhy}</span></>} />
        <Radio value="full" disabled={forbidden && !draft.full} label={<>{texts.scopes.full} {!forbidden && <span className="hint-inline">{texts.form.fullWhy}</span>}</>} />
      </RadioGroup>
      {forbidden && full && <p className="lock lock-radio"><LockClosed16Regular />{packaging ? texts.form.packagingOnly(draft.organization) : refusalOf(full) || texts.form.fullOff(draft.organization)}</p>}
      {!draft.full && (
        <>
          <div className="scope-search">
            <SearchBox aria-label={texts.form.searchScopes} placeholder={phone ? texts.form.searchScopesShort : texts.form.searchScopes} value={text} onChange={(_, { value }) => setText(value)} />
            <Switch checked={everything} label={texts.form.showAll(catalogue?.groups.length ?? 0)} onChange={(_, { checked }) => setEverything(checked)} />
          </div>
          <div className="scope-groups">
            {!catalogue ? <SkeletonRows rows={4} /> : groups.length === 0 ? <p className="scope-none">{texts.form.noScope(text)}</p> : groups.map((group) => (
              <ScopeRow
                key={group.group}
                group={group}
                chosen={draft.scopes}
                included={catalogue.included(draft.scopes)}
                forbidden={forbiddenScopes}
                onToggle={(scope) => onChange({ scopes: catalogue.toggled(draft.scopes, scope) })}
              />
            ))}
          </div>
        </>
      )}
      {fault && <p className="fault" role="alert">{fault}</p>}
    </div>
  );
}

function isShown(group: ScopeGroup, text: string, everything: boolean, chosen: readonly string[]): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return everything || group.common || group.scopes.some(({ id }) => chosen.includes(id));
  const all = [group.title, group.description, ...group.scopes.flatMap((scope) => [scope.id, scope.title, scope.description, texts.can[scope.id] ?? ""])].join(" ").toLowerCase();
  return words.every((word) => all.includes(word));
}
