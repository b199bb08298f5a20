// SPDX-License-Identifier: Apache-2.0
import { Button, Field, Input, MessageBar, MessageBarBody, MessageBarTitle, Select } from "@fluentui/react-components";
import { LockClosed16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useMemo, useRef, useState, type FormEvent } from "react";
import { request } from "../../api/client";
import { own, useHints, useScopes } from "../../api/queries";
import type { TokenPage } from "../../api/types";
import { shortUtcDate } from "../../dates";
import { Failed, Refused } from "../../parts/states";
import { SidePanel } from "../../parts/SidePanel";
import { setGuard } from "../../router";
import { texts } from "../../texts";
import { Expiration } from "./Expiration";
import { Catalogue, endOf, isAllowedEnd, type Draft, type Fault } from "./model";
import { refusalOf, stopOf } from "./rules";
import { ScopePicker } from "./ScopePicker";
import { Summary } from "./Summary";
import "./form.css";

/** A refusal that belongs to a field. */
export class FieldFault extends Error {
  constructor(readonly fault: Fault) {
    super("a field is wrong");
  }
}

interface Props {
  title: string;
  submit: string;
  initial: Draft;
  /** The id of the token that is edited: its own name is no other's. */
  id?: string;
  onSubmit: (draft: Draft) => Promise<void>;
  onClose: () => void;
}

/** The panel in which a token is described, for creating and for editing. */
export function TokenForm({ title, submit, initial, id, onSubmit, onClose }: Props) {
  const [draft, setDraft] = useState(initial);
  const [fault, setFault] = useState<Fault>({});
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const hints = useHints(draft.organization);
  const scopes = useScopes(draft.organization);
  const catalogue = useMemo(() => scopes.data && new Catalogue(scopes.data), [scopes.data]);
  const dirty = draft !== initial;
  const end = endOf(draft);
  // The rules on making tokens don't bear on changing one.
  const stop = id === undefined ? stopOf(hints.data) : undefined;

  useEffect(() => {
    if (dirty) setGuard(() => { setLeaving(true); return false; });
    return () => setGuard(undefined);
  }, [dirty]);

  const change = (values: Partial<Draft>) => {
    setDraft({ ...draft, ...values });
    setFault(Object.fromEntries(Object.entries(fault).filter(([field]) => !touches(values, field))));
    setLeaving(false);
  };
  const leave = () => {
    setGuard(undefined);
    onClose();
  };
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (stop !== undefined) return;
    const wrong = check(draft, end, hints.data);
    setFault(wrong);
    setError(undefined);
    if (Object.keys(wrong).length > 0) return focusFault(wrong);
    setBusy(true);
    try {
      setGuard(undefined);
      await onSubmit(draft);
    } catch (failure) {
      if (failure instanceof FieldFault) {
        setFault(failure.fault);
        focusFault(failure.fault);
      } else setError(failure);
      setBusy(false);
    }
  };
  const focusFault = (wrong: Fault) => {
    const first = ["name", "organization", "expiry", "scopes"].find((field) => field in wrong);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>(`[data-field="${first}"] :is(input,select,[tabindex="0"])`)?.focus());
  };

  const footer = leaving ? (
    <div className="form-leaving" role="group" aria-label={texts.form.discard}>
      <span>{texts.form.discard}</span>
      <Button autoFocus onClick={() => setLeaving(false)}>{texts.form.keepEditing}</Button>
      <Button onClick={leave}>{texts.form.discardIt}</Button>
    </div>
  ) : (
    <>
      <Button appearance="primary" type="submit" form="token-form" disabled={busy} disabledFocusable={stop !== undefined} {...(stop !== undefined && { "aria-description": stop })}>{submit}</Button>
      <Button onClick={leave} disabled={busy}>{texts.common.cancel}</Button>
      <span className="hint end numbers" role="status">{inShort(draft, end)}</span>
    </>
  );

  return (
    <SidePanel title={title} width={920} onClose={() => (dirty ? setLeaving(true) : leave())} footer={footer} aside={<Summary draft={draft} catalogue={catalogue} />}>
      <form id="token-form" ref={form} className="form" noValidate onSubmit={(event) => { void send(event); }}>
        <Failed query={hints} title={texts.form.noHints} />
        <Failed query={scopes} title={texts.form.noCatalogue} />
        <Refused error={error} />
        {stop !== undefined && (
          <MessageBar intent="warning" layout="multiline"><MessageBarBody><MessageBarTitle>{texts.form.stoppedTitle}</MessageBarTitle> {stop}</MessageBarBody></MessageBar>
        )}
        <NameField draft={draft} id={id} fault={fault.name} onChange={change} />
        <OrganizationField draft={draft} editing={id !== undefined} hints={hints.data} fault={fault.organization} onChange={change} />
        <Expiration draft={draft} hints={hints.data} fault={fault.expiry} onChange={change} />
        <ScopePicker draft={draft} catalogue={catalogue} hints={hints.data} fault={fault.scopes} onChange={change} />
      </form>
    </SidePanel>
  );
}

type Hinted = ReturnType<typeof useHints>["data"];

function check(draft: Draft, end: Date | undefined, hints: Hinted): Fault {
  const fault: Fault = {};
  if (draft.name.trim() === "") fault.name = texts.form.nameMissing;
  if (!end) fault.expiry = texts.form.dayMissing;
  else if (draft.expiry !== "keep" && !isAllowedEnd(end, hints)) fault.expiry = texts.form.tooLong;
  if (!draft.full && draft.scopes.length === 0) fault.scopes = texts.form.scopeMissing;
  return fault;
}

function touches(values: Partial<Draft>, field: string): boolean {
  if (field === "expiry") return "expiry" in values || "day" in values;
  if (field === "scopes") return "scopes" in values || "full" in values;
  if (field === "organization") return "organization" in values || "allOrganizations" in values;
  return field in values;
}

function inShort(draft: Draft, end: Date | undefined): string {
  const what = draft.full ? texts.scopes.full : texts.form.scopeCount(draft.scopes.length);
  return end ? `${what} · ${texts.form.endsShort(shortUtcDate(end))}` : what;
}

interface FieldProps { draft: Draft; fault: string | undefined; onChange: (change: Partial<Draft>) => void }

function NameField({ draft, id, fault, onChange }: FieldProps & { id: string | undefined }) {
  const name = useDeferredValue(draft.name.trim());
  const same = useQuery({
    queryKey: ["tokens", draft.organization, "name", name],
    queryFn: ({ signal }) => request<TokenPage>("GET", own(draft.organization, `tokens?${new URLSearchParams({ q: name, top: "100" }).toString()}`), { signal }),
    enabled: name.length > 2,
  });
  const taken = same.data?.value.some((token) => token.name === name && token.id !== id && token.status !== "expired" && token.status !== "revoked");
  return (
    <Field
      label={texts.form.name}
      required
      data-field="name"
      validationState={fault ? "error" : taken ? "warning" : "none"}
      validationMessage={fault ?? (taken ? texts.form.nameTaken : undefined)}
      hint={fault || taken ? undefined : texts.form.nameHint}
    >
      <Input value={draft.name} maxLength={100} autoComplete="off" data-autofocus="" onChange={(_, { value }) => onChange({ name: value })} />
    </Field>
  );
}

function OrganizationField({ draft, editing, hints, fault, onChange }: FieldProps & { editing: boolean; hints: Hinted }) {
  const names = editing ? [draft.organization] : (hints?.organizations.map(({ name }) => name) ?? [draft.organization]);
  const listed = names.includes(draft.organization) ? names : [draft.organization, ...names];
  const all = hints?.allOrganizations;
  return (
    <Field label={texts.form.organization} data-field="organization" {...(fault && { validationMessage: fault })}>
      <Select
        value={draft.allOrganizations ? "*" : draft.organization}
        onChange={(_, { value }) => onChange(value === "*" ? { allOrganizations: true } : { organization: value, allOrganizations: false })}
      >
        {listed.map((name) => <option key={name} value={name}>{name}</option>)}
        <option value="*" disabled={all?.allowed === false && !draft.allOrganizations}>{texts.form.allOrganizations}</option>
      </Select>
      {all?.allowed === false && <p className="lock"><LockClosed16Regular />{refusalOf(all) || texts.form.allOff}</p>}
    </Field>
  );
}
