// SPDX-License-Identifier: Apache-2.0
import { Button, Field, Input, MessageBar, MessageBarBody, Select } from "@fluentui/react-components";
import { useState, type FormEvent } from "react";
import { Failure } from "../../api/client";
import { saveMailSettings, forgetMailSettings, useMailSettings } from "../../api/mail";
import type { MailSettings } from "../../api/types";
import { ActDialog } from "../../parts/ActDialog";
import { PasswordInput } from "../../parts/PasswordInput";
import { Failed, Refused, SkeletonRows } from "../../parts/states";
import { governance } from "../../texts.governance";
import "./mail.css";

const t = governance.mail.server;
const securities = ["startTls", "tls", "never"] as const;
type Security = (typeof securities)[number];
const usualPorts: Record<Security, string> = { startTls: "587", tls: "465", never: "25" };
type Values = Record<"host" | "port" | "user" | "password" | "from", string>;
const nothing: Values = { host: "", port: "", user: "", password: "", from: "" };

/** By which server mail is sent: to be set, or, where the server's own file says it, to be read. */
export function MailServer() {
  const query = useMailSettings();
  const settings = query.data;
  return (
    <section className="card sessions">
      <header><h2>{t.title}</h2></header>
      <Failed query={query} />
      {!settings ? query.isPending && <SkeletonRows rows={3} />
        : settings.source === "file" ? <OfFile settings={settings} />
        : <ServerForm settings={settings} />}
    </section>
  );
}

function OfFile({ settings }: { settings: MailSettings }) {
  const facts = [[t.host, settings.url], [t.tls, settings.tls], [t.user, settings.user || t.nobody], [t.from, settings.from]];
  return (
    <div className="mail-server stack">
      <p>{t.fileRules}</p>
      <dl>{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
    </div>
  );
}

function ServerForm({ settings }: { settings: MailSettings }) {
  const there = settings.source === "portal";
  const [values, setValues] = useState<Values>({
    host: settings.host ?? "", port: settings.port === undefined ? "" : String(settings.port), user: settings.user ?? "", password: "", from: settings.from ?? "",
  });
  const [tls, setTls] = useState<Security>(securities.find((one) => one === settings.tls) ?? "startTls");
  const [missing, setMissing] = useState(false);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(false);
  const [removing, setRemoving] = useState(false);
  const set = (name: keyof Values) => (value: string) => { setValues({ ...values, [name]: value }); setSaved(false); };
  const field = error instanceof Failure ? error.field : undefined;
  const placed = field !== undefined && (field in values || field === "tls");
  const told = (name: keyof Values | "tls", hint?: string) => {
    if (field === name && error instanceof Failure) return { validationMessage: error.message };
    if (missing && (name === "host" || name === "from") && values[name].trim() === "") return { validationMessage: t.missing };
    return hint === undefined ? {} : { hint };
  };

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    setSaved(false);
    const lacks = values.host.trim() === "" || values.from.trim() === "";
    setMissing(lacks);
    if (lacks || busy) return;
    setBusy(true);
    const { host, port, user, password, from } = values;
    try {
      const now = await saveMailSettings({
        host: host.trim(), ...(port.trim() !== "" && { port: Number(port) }), tls, user: user.trim(), ...(password !== "" && { password }), from: from.trim(),
      });
      setValues({ ...values, port: String(now.port ?? ""), password: "" });
      setSaved(true);
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };

  const forget = async () => {
    await forgetMailSettings();
    setValues(nothing);
    setSaved(false);
  };

  return (
    <>
      <form className="mail-server stack" noValidate onSubmit={(event) => { void save(event); }}>
        <p>{t.why}</p>
        <Field label={t.host} required {...told("host", t.hostHint)}>
          <Input value={values.host} autoComplete="off" spellCheck={false} placeholder="mail.example.com" onChange={(_, { value }) => set("host")(value)} />
        </Field>
        <div className="two-fields">
          <Field label={t.tls} {...told("tls")}>
            <Select value={tls} onChange={(_, { value }) => { setTls(securities.find((one) => one === value) ?? tls); setSaved(false); }}>
              {securities.map((one) => <option key={one} value={one}>{t.securities[one]}</option>)}
            </Select>
          </Field>
          <Field label={t.port} {...told("port")}>
            <Input value={values.port} inputMode="numeric" autoComplete="off" placeholder={usualPorts[tls]} onChange={(_, { value }) => set("port")(value.replace(/\D/g, ""))} />
          </Field>
        </div>
        <Field label={t.user} {...told("user", t.userHint)}>
          <Input value={values.user} autoComplete="off" spellCheck={false} onChange={(_, { value }) => set("user")(value)} />
        </Field>
        <Field label={t.password} {...told("password", settings.hasPassword ? t.passwordKept : undefined)}>
          <PasswordInput value={values.password} autoComplete="off" onChange={set("password")} />
        </Field>
        <Field label={t.from} required {...told("from", t.fromHint)}>
          <Input value={values.from} type="email" autoComplete="off" spellCheck={false} placeholder="latchkey@example.com" onChange={(_, { value }) => set("from")(value)} />
        </Field>
        {!placed && <Refused error={error} />}
        {saved && <MessageBar intent="success"><MessageBarBody>{t.saved}</MessageBarBody></MessageBar>}
        <div className="mail-acts">
          <Button appearance="primary" type="submit" disabled={busy}>{t.save}</Button>
          {there && <Button disabled={busy} onClick={() => setRemoving(true)}>{t.remove}</Button>}
        </div>
      </form>
      {/* Beside the form: what is submitted within it would submit the form too. */}
      {removing && (
        <ActDialog title={t.removeTitle} act={t.removeAct} danger perform={forget} onClose={() => setRemoving(false)}>
          <p>{t.removeWhy}</p>
        </ActDialog>
      )}
    </>
  );
}
