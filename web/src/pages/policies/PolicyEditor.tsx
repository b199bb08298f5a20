// SPDX-License-Identifier: Apache-2.0
import { Button, Switch } from "@fluentui/react-components";
import { useEffect, useState } from "react";
import { Failure } from "../../api/client";
import type { Of } from "../../api/governed";
import { endPolicy, savePolicy, useDryRun, type Policy, type PolicyBody, type Stage } from "../../api/policies";
import { ago } from "../../dates";
import { Refused } from "../../parts/states";
import { SubjectsDialog } from "../../parts/SubjectsDialog";
import { SubjectTags } from "../../parts/SubjectTags";
import { setGuard } from "../../router";
import { governance } from "../../texts.governance";
import { DryRunCard } from "./DryRunCard";
import { bodyOf, disordered, draftOf, effectOf, isStaged, planned, stageNames, type Draft } from "./model";
import { Rollout } from "./Rollout";
import { ValueField } from "./ValueField";

const t = governance.policies;

/** One policy: its rule, its exceptions, its plan, and what that would touch, before anything is saved. */
export function PolicyEditor({ organization, of, policy, onSaved }: { organization: string; of: Of; policy: Policy; onSaved: (title: string) => void }) {
  // What the server has is shown until something is changed here.
  const [edited, setEdited] = useState<Draft>();
  const [refusal, setRefusal] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [naming, setNaming] = useState(false);
  const stored = draftOf(policy);
  const draft = edited ?? stored;
  const body = draft.on ? bodyOf(policy, draft) : undefined;
  const storedBody = stored.on ? bodyOf(policy, stored) : undefined;
  const dirty = edited !== undefined && JSON.stringify([draft.on, body]) !== JSON.stringify([stored.on, storedBody]);
  const staged = isStaged(policy);
  const off = t.offOf[policy.name] ?? { now: t.offNow, soon: t.offSoon };
  // What can't be saved as it stands is not asked about either: the server would only refuse it.
  const ready = !draft.on || (body !== undefined && !disordered(draft.dates));
  const query = useDryRun(of, policy.name, useSettled(staged && ready ? body : undefined));
  const effect = effectOf(policy, draft, query.data?.pages[0]);
  const field = refusal instanceof Failure ? refusal.field : undefined;
  const faults = faultsOf(refusal);

  useEffect(() => {
    if (!dirty) return;
    setGuard(() => { setLeaving(true); return false; });
    return () => setGuard(undefined);
  }, [dirty]);

  const change = (values: Partial<Draft>) => {
    setEdited({ ...draft, ...values });
    setRefusal(undefined);
    setLeaving(false);
  };
  const discard = () => {
    setEdited(undefined);
    setRefusal(undefined);
    setLeaving(false);
  };
  const turn = (on: boolean) => change({ on, ...(on && staged && Object.keys(draft.dates).length === 0 && { dates: planned(policy) }) });
  const save = async () => {
    setBusy(true);
    setRefusal(undefined);
    try {
      if (!draft.on && policy.default !== true) await endPolicy(of, policy.name);
      else if (!draft.on) await savePolicy(of, policy.name, { value: false, exceptions: [] });
      else if (body) await savePolicy(of, policy.name, body);
      setEdited(undefined);
      onSaved(policy.title);
    } catch (failure) {
      setRefusal(failure);
    } finally {
      setBusy(false);
    }
  };

  const foot = leaving ? (
    <div className="policy-foot" role="group" aria-label={t.leave}>
      <span>{t.leave}</span>
      <Button autoFocus onClick={() => setLeaving(false)}>{t.keepEditing}</Button>
      <Button onClick={discard}>{t.discard}</Button>
    </div>
  ) : (
    <div className="policy-foot">
      <Button disabled={!dirty || busy} onClick={discard}>{t.discard}</Button>
      <Button appearance="primary" className={effect.danger && dirty ? "danger" : undefined} disabled={!dirty || !ready || busy} onClick={() => { void save(); }}>{effect.text}</Button>
    </div>
  );
  return (
    <>
      <section className="card policy-card" aria-labelledby="policy">
        <header>
          <div>
            <h2 id="policy">{policy.title}</h2>
            <p>{policy.description}</p>
          </div>
          <Switch checked={draft.on} label={draft.on ? t.on : t.off} labelPosition="before" aria-label={policy.title} onChange={(_, { checked }) => turn(checked)} />
        </header>
        {draft.on && (policy.kind !== "switch" || policy.takesExceptions) && (
          <div className="policy-fields">
            <ValueField organization={organization} policy={policy} draft={draft} fault={field === "value" ? faults.value : undefined} onChange={change} />
            {policy.takesExceptions && (
              <div className="policy-exceptions">
                <h3>{t.exceptionsTitle}</h3>
                <div>
                  {draft.exceptions.length > 0 ? <SubjectTags subjects={draft.exceptions} /> : <span className="quiet">{t.noExceptions}</span>}
                  <Button appearance="transparent" className="link-button" onClick={() => setNaming(true)}>{t.manage}</Button>
                </div>
                <p className="hint">{governance.subjects.hint}</p>
                {faults.exceptions && <p className="fault" role="alert">{faults.exceptions}</p>}
              </div>
            )}
          </div>
        )}
        {draft.on && staged && <Rollout policy={policy} dates={draft.dates} faults={faults.stages} onChange={(dates) => change({ dates })} />}
        {!draft.on && <p className="policy-off">{stored.on ? off.soon : off.now}</p>}
        {faults.other !== undefined && <div className="policy-off"><Refused error={faults.other} /></div>}
        {policy.changedAt && <p className="hint policy-changed">{t.changed(ago(policy.changedAt), policy.changedBy?.displayName)}</p>}
        {(!draft.on || !staged) && dirty && <footer>{foot}</footer>}
      </section>
      {draft.on && staged && <DryRunCard of={of} name={policy.name} body={ready ? body : undefined} query={query} foot={foot} />}
      {naming && (
        <SubjectsDialog of={of} title={t.manageTitle(policy.title)} subjects={draft.exceptions} perform={async (exceptions) => change({ exceptions })} onClose={() => setNaming(false)}>
          <p>{t.manageWhy}</p>
        </SubjectsDialog>
      )}
    </>
  );
}

interface Faults { value?: string; exceptions?: string; stages: Partial<Record<Stage, string>>; other?: unknown }

/** Where a refusal is shown: at the field that it means. */
function faultsOf(refusal: unknown): Faults {
  if (refusal === undefined) return { stages: {} };
  const field = refusal instanceof Failure ? refusal.field : undefined;
  const message = refusal instanceof Failure ? refusal.message : "";
  const stage = stageNames.find((known) => field === `${known}From`);
  if (stage) return { stages: { [stage]: message } };
  if (field?.startsWith("value")) return { value: message, stages: {} };
  if (field?.startsWith("exceptions")) return { exceptions: message, stages: {} };
  return { other: refusal, stages: {} };
}

/** The value once it has stayed the same for a moment: nobody counts at each key. None at once: what was switched off is
    not asked about any more, or the server would be asked about exceptions that it has let go of. */
function useSettled(body: PolicyBody | undefined): PolicyBody | undefined {
  const key = JSON.stringify(body);
  const [settled, setSettled] = useState({ key, body });
  useEffect(() => {
    const timer = setTimeout(() => setSettled({ key, body }), body ? 400 : 0);
    return () => clearTimeout(timer);
    // The key stands for the body.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key]);
  return body && settled.body;
}
