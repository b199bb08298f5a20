// SPDX-License-Identifier: Apache-2.0
import { Field, Input } from "@fluentui/react-components";
import { base, serverPath } from "../../base";
import { NewPassword } from "../../parts/NewPassword";
import { texts } from "../../texts";

export interface Entries { email: string; displayName: string; password: string; organization: string }
export type Fault = Partial<Record<keyof Entries, string>>;

interface Props { entries: Entries; fault: Fault; onChange: (values: Partial<Entries>) => void }

export function Account({ entries, fault, onChange }: Props) {
  return (
    <>
      <p className="set-up-why">{texts.setUp.accountWhy}</p>
      <Field label={texts.signIn.email} required validationMessage={fault.email}>
        <Input type="email" autoComplete="username" autoFocus value={entries.email} maxLength={254} onChange={(_, { value }) => onChange({ email: value })} />
      </Field>
      <Field label={texts.setUp.displayName} required hint={fault.displayName ? undefined : texts.setUp.displayNameHint} validationMessage={fault.displayName}>
        <Input autoComplete="name" value={entries.displayName} maxLength={100} onChange={(_, { value }) => onChange({ displayName: value })} />
      </Field>
      <NewPassword label={texts.signIn.password} value={entries.password} fault={fault.password} onChange={(password) => onChange({ password })} />
    </>
  );
}

export function Organization({ entries, fault, onChange }: Props) {
  return (
    <>
      <p className="set-up-why">{texts.setUp.organizationWhy}</p>
      <Field label={texts.setUp.organization} required hint={fault.organization ? undefined : texts.setUp.organizationHint} validationMessage={fault.organization}>
        <Input autoComplete="organization" autoFocus autoCapitalize="none" spellCheck={false} value={entries.organization} maxLength={64} onChange={(_, { value }) => onChange({ organization: value })} />
      </Field>
      <p className="hint">
        {texts.setUp.address} <span className="mono">{window.location.origin}{base}<strong>{encodeURIComponent(entries.organization.trim()) || "…"}</strong>/…</span>
      </p>
    </>
  );
}

/** Loads the pages anew: who set up is signed in now. */
export function Done({ organization }: { organization: string }) {
  const tokens = `/${encodeURIComponent(organization)}/_usersSettings/tokens`;
  return (
    <>
      <p className="set-up-why">{texts.setUp.doneWhy}</p>
      <div className="set-up-ways">
        <a href={serverPath(tokens + "/new?for=git")}><strong>{texts.setUp.firstToken}</strong><span className="hint">{texts.setUp.firstTokenWhy}</span></a>
        <a href={serverPath(`/${encodeURIComponent(organization)}`)}><strong>{texts.setUp.firstProject}</strong><span className="hint">{texts.setUp.firstProjectWhy}</span></a>
        <a href={serverPath(tokens)}><strong>{texts.setUp.look}</strong><span className="hint">{texts.setUp.lookWhy}</span></a>
      </div>
    </>
  );
}
