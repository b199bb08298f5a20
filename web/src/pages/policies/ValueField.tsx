// SPDX-License-Identifier: Apache-2.0
import { Button, Field, Input, Select, Textarea } from "@fluentui/react-components";
import { Dismiss12Regular } from "@fluentui/react-icons";
import { useScopes } from "../../api/queries";
import type { Policy } from "../../api/policies";
import { scopeName, useScopeNames } from "../../parts/ScopeTags";
import { governance } from "../../texts.governance";
import { inWords, isOn, valueOf, type Draft } from "./model";

const t = governance.policies;

interface Props { organization: string; policy: Policy; draft: Draft; fault: string | undefined; onChange: (change: Partial<Draft>) => void }

/** What the rule says: a number, scopes, or networks. A switch says it all by being on. */
export function ValueField({ organization, policy, draft, fault, onChange }: Props) {
  const { kind } = policy;
  if (kind === "switch") return null;
  const value = valueOf(policy, draft);
  const message = fault ?? (value === undefined ? t.missing[kind] : undefined);
  const before = !isOn(policy) ? t.wasNot : JSON.stringify(policy.value) === JSON.stringify(value) ? "" : t.was(inWords(policy));
  const field = {
    label: t.fields[kind],
    hint: message ? undefined : [before, t.hints[kind]].filter(Boolean).join(" ") || undefined,
    ...(message && { validationMessage: message, validationState: fault ? "error" as const : "none" as const }),
  };
  switch (kind) {
    case "scopes":
      return <Field {...field} className="value-wide">{<ScopesField organization={organization} scopes={draft.scopes} onChange={(scopes) => onChange({ scopes })} />}</Field>;
    case "networks":
      return (
        <Field {...field} className="value-wide">
          <Textarea className="mono" value={draft.text} rows={3} resize="vertical" spellCheck={false} onChange={(_, { value: text }) => onChange({ text })} />
        </Field>
      );
    default:
      return (
        <Field {...field} className="value-number">
          <Input type="number" min={1} inputMode="numeric" value={draft.text} onChange={(_, { value: text }) => onChange({ text })} />
        </Field>
      );
  }
}

function ScopesField({ organization, scopes, onChange }: { organization: string; scopes: string[]; onChange: (scopes: string[]) => void }) {
  const { data } = useScopes(organization);
  const nameOf = useScopeNames(organization);
  return (
    <div className="scope-choice">
      {scopes.length > 0 && (
        <ul className="subject-tags">
          {scopes.map((id) => (
            <li key={id} className="subject-tag">
              <span>{nameOf(id)}</span>
              <Button appearance="transparent" size="small" icon={<Dismiss12Regular />} aria-label={t.removeScope(nameOf(id))} onClick={() => onChange(scopes.filter((other) => other !== id))} />
            </li>
          ))}
        </ul>
      )}
      <Select aria-label={t.addScope} value="" onChange={(_, { value }) => { if (value) onChange([...scopes, value]); }}>
        <option value="">{t.addScope}</option>
        {data?.map((group) => (
          <optgroup key={group.group} label={group.title}>
            {group.scopes.filter(({ id }) => !scopes.includes(id)).map(({ id, title }) => <option key={id} value={id}>{scopeName(group, title)}</option>)}
          </optgroup>
        ))}
      </Select>
    </div>
  );
}
