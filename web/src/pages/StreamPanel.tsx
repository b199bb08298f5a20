// SPDX-License-Identifier: Apache-2.0
import { Button, Field, Input, Select, Textarea } from "@fluentui/react-components";
import { useState, type FormEvent } from "react";
import { Failure } from "../api/client";
import { createStream, editStream, useStreams, type Stream, type StreamKind } from "../api/streams";
import { useOf } from "../parts/OfSwitch";
import { SidePanel } from "../parts/SidePanel";
import { PasswordInput } from "../parts/PasswordInput";
import { Failed, Refused, SkeletonRows } from "../parts/states";
import { leavePanel, usePlace } from "../router";
import { useOrganization } from "../session";
import { texts } from "../texts";
import { governance } from "../texts.governance";
import { inputsOf, kinds } from "./streams/kinds";
import "./streams/streams.css";

const t = governance.streams;

/** Makes a stream, or changes where one goes. */
export default function StreamPanel() {
  const organization = useOrganization();
  const of = useOf();
  const { segments, search } = usePlace();
  const id = segments[3] === "new" ? undefined : segments[3];
  const query = useStreams(of, id !== undefined);
  const close = () => leavePanel(`/${encodeURIComponent(organization)}/_settings/streams${search.size ? `?${search.toString()}` : ""}`);
  // What the form begins with stays, whatever the list hears meanwhile.
  const [stream, setStream] = useState<Stream>();
  const found = query.data?.find((one) => one.id === id);
  if (found && !stream) setStream(found);
  if (id !== undefined && !stream) {
    return (
      <SidePanel title={t.title} width={640} onClose={close} footer={<Button onClick={close}>{texts.common.close}</Button>}>
        {query.error ? <Failed query={query} /> : query.data ? <p>{t.gone}</p> : <SkeletonRows rows={3} />}
      </SidePanel>
    );
  }
  return <StreamForm stream={stream} onClose={close} />;
}

function StreamForm({ stream, onClose }: { stream: Stream | undefined; onClose: () => void }) {
  const of = useOf();
  const [name, setName] = useState(stream?.displayName ?? "");
  const [kind, setKind] = useState<StreamKind>(stream?.consumerType ?? "WebHook");
  // A secret is never shown again: its field is empty, and stays as it is unless another is typed.
  const [values, setValues] = useState<Record<string, string>>({ ...stream?.consumerInputs });
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const [backfill, setBackfill] = useState(0);
  const [refusal, setRefusal] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [checked, setChecked] = useState(false);
  const inputs = inputsOf[kind];
  const valueOf = (input: (typeof inputs)[number]) => (input.secret ? secrets[input.name] ?? "" : values[input.name] ?? input.usual ?? "");
  const missing = (input: (typeof inputs)[number]) => !input.optional && valueOf(input).trim() === "" && !(input.secret && stream);
  const field = refusal instanceof Failure ? refusal.field : undefined;
  const faultOf = (input: string) => (field !== undefined && (field === input || field.endsWith(`.${input}`)) && refusal instanceof Failure ? refusal.message : undefined);
  const placed = field !== undefined && (field === "displayName" || inputs.some((input) => faultOf(input.name) !== undefined));

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (busy || name.trim() === "" || inputs.some(missing)) return;
    setBusy(true);
    setRefusal(undefined);
    const consumerInputs = Object.fromEntries(inputs
      .map((input): [string, string] => [input.name, valueOf(input).trim() || (input.secret ? stream?.consumerInputs[input.name] ?? "" : "")])
      .filter(([, value]) => value !== ""));
    const body = { displayName: name.trim(), consumerType: kind, consumerInputs };
    try {
      if (stream) await editStream(of, { id: stream.id, ...body });
      else await createStream(of, body, backfill);
      onClose();
    } catch (failure) {
      setRefusal(failure);
      setBusy(false);
    }
  };
  const footer = (
    <>
      <Button appearance="primary" type="submit" form="stream-form" disabled={busy}>{stream ? t.save : t.create}</Button>
      <Button onClick={onClose} disabled={busy}>{texts.common.cancel}</Button>
    </>
  );
  return (
    <SidePanel title={stream ? t.editTitle(stream.displayName) : t.createTitle} width={640} onClose={onClose} footer={footer}>
      <form id="stream-form" className="stream-form" noValidate onSubmit={(event) => { void save(event); }}>
        {refusal !== undefined && !placed && <Refused error={refusal} />}
        <Field label={t.name} required {...messageOf(checked && name.trim() === "" ? t.nameMissing : faultOf("displayName"), t.nameHint)}>
          <Input value={name} maxLength={100} autoComplete="off" data-autofocus="" onChange={(_, { value }) => setName(value)} />
        </Field>
        <Field label={t.kind} hint={t.kindWhy[kind]}>
          <Select value={kind} disabled={stream !== undefined} onChange={(_, { value }) => setKind(kinds.find((known) => known === value) ?? kind)}>
            {kinds.map((known) => <option key={known} value={known}>{t.kinds[known]}</option>)}
          </Select>
        </Field>
        {inputs.map((input) => (
          <Field key={input.name} label={input.label} required={!input.optional && !(input.secret && stream)} {...messageOf(checked && missing(input) ? t.missing : faultOf(input.name), input.secret && stream ? t.kept : input.hint)}>
            {input.secret ? (
              <PasswordInput value={valueOf(input)} autoComplete="off" onChange={(value) => setSecrets({ ...secrets, [input.name]: value })} />
            ) : input.long ? (
              <Textarea value={valueOf(input)} rows={4} spellCheck={false} onChange={(_, { value }) => setValues({ ...values, [input.name]: value })} />
            ) : (
              <Input value={valueOf(input)} autoComplete="off" spellCheck={false} onChange={(_, { value }) => setValues({ ...values, [input.name]: value })} />
            )}
          </Field>
        ))}
        {!stream && (
          <Field label={t.backfill}>
            <Select value={String(backfill)} onChange={(_, { value }) => setBackfill(Number(value))}>
              {Object.entries(t.backfills).map(([days, text]) => <option key={days} value={days}>{text}</option>)}
            </Select>
          </Field>
        )}
      </form>
    </SidePanel>
  );
}

function messageOf(fault: string | undefined | false, hint: string | undefined) {
  return fault ? { validationMessage: fault } : hint ? { hint } : {};
}
