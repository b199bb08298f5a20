// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { Checkmark16Filled } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { Failure, request } from "../api/client";
import { serverPath } from "../base";
import { useLink } from "../fragment";
import { Alone } from "../parts/Alone";
import { passwordFault } from "../parts/NewPassword";
import { useTitle } from "../parts/PageTitle";
import { Mark } from "../parts/small";
import { Failed, Refused, SkeletonRows } from "../parts/states";
import { texts } from "../texts";
import { Account, Done, Organization, type Entries, type Fault } from "./setup/steps";
import "./setup/setup.css";

const accountFields = ["email", "displayName", "password"];

/** The first run: the administrator, the first organization, and the way to the first token. */
export default function SetUp() {
  const { code, number } = useLink();
  const state = useQuery({ queryKey: ["set-up"], queryFn: ({ signal }) => request<{ open: boolean }>("GET", "/_apis/latchkey/set-up", { signal, confirm: false }) });
  const checked = useQuery({
    queryKey: ["set-up", number],
    enabled: code !== undefined && state.data?.open === true,
    gcTime: 0,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      await request("POST", "/_setup", { signal, confirm: false, body: { code, check: true } });
      return true;
    },
  });
  const [done, setDone] = useState(false);

  if (state.data?.open === false && !done) {
    return <Alone title={texts.setUp.closed}><p>{texts.setUp.closedWhy}</p><a className="link" href={serverPath("/_signin")}>{texts.signIn.signIn}</a></Alone>;
  }
  if (code === undefined) return <Alone title={texts.setUp.title}><p>{texts.setUp.noCode}</p></Alone>;
  if (state.error || checked.error) {
    const query = state.error ? state : checked;
    return <Alone title={texts.setUp.title}><Failed query={query} title={texts.setUp.refused} /><p>{texts.setUp.refusedWhy}</p></Alone>;
  }
  if (!checked.data) return <Alone title={texts.setUp.title}><SkeletonRows rows={3} /></Alone>;
  return <Steps code={code} onDone={() => setDone(true)} />;
}

function Steps({ code, onDone }: { code: string; onDone: () => void }) {
  const [step, setStep] = useState(0);
  const [entries, setEntries] = useState<Entries>({ email: "", displayName: "", password: "", organization: "" });
  const [fault, setFault] = useState<Fault>({});
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(texts.setUp.title);
  useEffect(() => { if (step === 2) heading.current?.focus(); }, [step]);

  const change = (values: Partial<Entries>) => {
    setEntries({ ...entries, ...values });
    setFault(Object.fromEntries(Object.entries(fault).filter(([field]) => !(field in values))));
  };
  const next = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    const wrong = step === 0 ? checkAccount(entries) : entries.organization.trim() === "" ? { organization: texts.setUp.organizationMissing } : {};
    setFault(wrong);
    if (Object.keys(wrong).length > 0) return;
    if (step === 0) return setStep(1);
    setBusy(true);
    try {
      await request("POST", "/_setup", { confirm: false, patience: 30_000, body: { code, ...trimmed(entries) } });
      setEntries({ ...entries, password: "" });
      onDone();
      setStep(2);
    } catch (failure) {
      const field = failure instanceof Failure ? failure.field : undefined;
      if (field && field in entries) {
        setFault({ [field]: (failure as Failure).message });
        if (accountFields.includes(field)) setStep(0);
      } else setError(failure);
    } finally {
      setBusy(false);
    }
  };

  const { steps } = texts.setUp;
  return (
    <main className="alone">
      <div className="card set-up">
        <div className="set-up-steps">
          <Mark size={36} />
          <h1>{texts.setUp.title}</h1>
          <p>{texts.setUp.introduction}</p>
          <ol>
            {steps.map(({ name, why }, index) => (
              <li key={name} data-state={index < step ? "done" : index === step ? "now" : "later"} aria-current={index === step ? "step" : undefined}>
                <span className="set-up-number">{index < step ? <Checkmark16Filled aria-label={texts.setUp.stepDone} /> : index + 1}</span>
                <span><strong>{name}</strong><span className="hint">{why}</span></span>
              </li>
            ))}
          </ol>
        </div>
        <form className="set-up-form" noValidate onSubmit={(event) => { void next(event); }}>
          <h2 ref={heading} tabIndex={-1}>{texts.setUp.headings[step]}</h2>
          {step === 0 && <Account entries={entries} fault={fault} onChange={change} />}
          {step === 1 && <Organization entries={entries} fault={fault} onChange={change} />}
          {step === 2 && <Done organization={entries.organization.trim()} />}
          <Refused error={error} />
          {step < 2 && (
            <div className="set-up-buttons">
              {step === 1 && <Button onClick={() => setStep(0)} disabled={busy}>{texts.setUp.back}</Button>}
              <Button appearance="primary" type="submit" disabled={busy}>{step === 0 ? texts.setUp.next : texts.setUp.create}</Button>
            </div>
          )}
        </form>
      </div>
    </main>
  );
}

function checkAccount({ email, displayName, password }: Entries): Fault {
  const wrong = passwordFault(password);
  return {
    ...(!/^\S+@\S+$/.test(email.trim()) && { email: texts.setUp.emailMissing }),
    ...(displayName.trim() === "" && { displayName: texts.setUp.nameMissing }),
    ...(wrong && { password: wrong }),
  };
}

function trimmed(entries: Entries): Entries {
  return { email: entries.email.trim(), displayName: entries.displayName.trim(), password: entries.password, organization: entries.organization.trim() };
}
