// SPDX-License-Identifier: Apache-2.0
import { Button, Field, Input, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, Select } from "@fluentui/react-components";
import { useState } from "react";
import {
  useChangeNotices, useOrganizationNotices, useRetryNotices, useTestWebhook, useUndeliverableNotices, type WebhookFormat,
} from "../api/organizationNotices";
import type { NoticeWebhook } from "../api/types";
import { localTime, shortDate } from "../dates";
import { ActDialog } from "../parts/ActDialog";
import { PageTitle } from "../parts/PageTitle";
import { PasswordInput } from "../parts/PasswordInput";
import { Preference } from "../parts/Preference";
import { Failed, Refused, SkeletonRows } from "../parts/states";
import { useOrganization } from "../session";
import { governance } from "../texts.governance";
import { UndeliverableList } from "./notices/UndeliverableList";
import "./lists/lists.css";
import "./notices/organization.css";
import "./sessions/sessions.css";

const t = governance.notices;
type Asked = "webhook" | "removeWebhook" | "mailbox" | "removeMailbox";

/** Where an organization hears of its tokens itself. */
export default function OrganizationNotices() {
  const organization = useOrganization();
  const query = useOrganizationNotices();
  const list = useUndeliverableNotices();
  const retry = useRetryNotices();
  const test = useTestWebhook();
  const [asked, setAsked] = useState<Asked>();
  const ask = (what: Asked) => {
    test.reset();
    setAsked(what);
  };
  const state = query.data;
  const lost = list.data?.pages[0]?.value.length ?? 0;
  return (
    <>
      <PageTitle title={t.title}>{t.intro(organization)}</PageTitle>
      <div className="notes stack">
        <Failed query={query} />
        <Refused error={test.error ?? retry.error} />
        {test.data && (
          <MessageBar intent={test.data.taken ? "success" : "error"} layout="multiline">
            <MessageBarBody><MessageBarTitle>{test.data.taken ? t.taken : t.notTaken}</MessageBarTitle> {governance.mail.said(test.data.reply)}</MessageBarBody>
          </MessageBar>
        )}
        {state?.webhook?.waitingUntil !== undefined && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody><MessageBarTitle>{t.waits(localTime(state.webhook.waitingUntil))}</MessageBarTitle> {state.webhook.lastError !== undefined && governance.mail.said(state.webhook.lastError)}</MessageBarBody>
            <MessageBarActions><Button size="small" disabled={retry.isPending} onClick={() => retry.mutate({ ids: [] })}>{t.tryNow}</Button></MessageBarActions>
          </MessageBar>
        )}
      </div>
      {!state ? query.isPending && <SkeletonRows rows={2} /> : (
        <>
          <section className="card sessions">
            <header><h2>{t.webhook}</h2></header>
            <Webhook webhook={state.webhook} testing={test.isPending} onTest={() => test.mutate()} onAsk={ask} />
          </section>
          <section className="card sessions">
            <header><h2>{t.mailbox}</h2></header>
            <Preference title={state.mailbox ?? t.noMailbox} why={state.mail || state.mailbox === null ? t.mailboxWhy : t.noMail}>
              <div className="notice-acts">
                <Button onClick={() => ask("mailbox")}>{state.mailbox === null ? t.setMailbox : t.change}</Button>
                {state.mailbox !== null && <Button aria-label={t.removeMailbox} onClick={() => ask("removeMailbox")}>{t.remove}</Button>}
              </div>
            </Preference>
          </section>
          {lost > 0 && <UndeliverableList list={list} retry={retry} />}
          <Dialogs asked={asked} webhook={state.webhook} mailbox={state.mailbox} onClose={() => setAsked(undefined)} />
        </>
      )}
    </>
  );
}

interface WebhookProps { webhook: NoticeWebhook | null; testing: boolean; onTest: () => void; onAsk: (what: Asked) => void }

function Webhook({ webhook, testing, onTest, onAsk }: WebhookProps) {
  if (!webhook) return <Preference title={t.noWebhook} why={t.webhookWhy}><Button onClick={() => onAsk("webhook")}>{t.setWebhook}</Button></Preference>;
  const { format, url, changedAt, queued } = webhook;
  return (
    <Preference title={`${t.formats[format]} · ${url}`} why={<>{t.since(shortDate(changedAt))} {queued > 0 && t.queued(queued)}</>}>
      <div className="notice-acts">
        <Button disabled={testing} onClick={onTest}>{testing ? t.testing : t.test}</Button>
        <Button onClick={() => onAsk("webhook")}>{t.change}</Button>
        <Button aria-label={t.removeWebhook} onClick={() => onAsk("removeWebhook")}>{t.remove}</Button>
      </div>
    </Preference>
  );
}

interface DialogsProps { asked: Asked | undefined; webhook: NoticeWebhook | null; mailbox: string | null; onClose: () => void }

function Dialogs({ asked, webhook, mailbox, onClose }: DialogsProps) {
  const change = useChangeNotices();
  switch (asked) {
    case "webhook":
      return <WebhookDialog webhook={webhook} onClose={onClose} />;
    case "removeWebhook":
      return <ActDialog title={t.removeWebhookTitle} act={t.removeWebhook} keep={t.keep} danger perform={change.removeWebhook} onClose={onClose}><p>{t.removeWebhookWhy}</p></ActDialog>;
    case "mailbox":
      return <MailboxDialog mailbox={mailbox ?? ""} onClose={onClose} />;
    case "removeMailbox":
      return <ActDialog title={t.removeMailboxTitle} act={t.removeMailbox} keep={t.keep} danger perform={change.removeMailbox} onClose={onClose}><p>{t.removeMailboxWhy}</p></ActDialog>;
    default:
      return null;
  }
}

const formats = ["teams", "slack", "json"] as const satisfies readonly WebhookFormat[];

function WebhookDialog({ webhook, onClose }: { webhook: NoticeWebhook | null; onClose: () => void }) {
  const { setWebhook } = useChangeNotices();
  const [format, setFormat] = useState<WebhookFormat>(webhook?.format ?? "teams");
  // Who has the URL may post: it is typed like a password, and stays as it is unless another is given.
  const [url, setUrl] = useState("");
  const given = url.trim();
  return (
    <ActDialog title={webhook ? t.changeWebhook : t.setWebhook} act={t.save} ready={webhook !== null || given !== ""} perform={() => setWebhook(format, given === "" ? undefined : given)} onClose={onClose}>
      <div className="notice-form">
        <Field label={t.format} hint={t.formatWhy[format]}>
          <Select value={format} onChange={(_, { value }) => setFormat(formats.find((known) => known === value) ?? format)}>
            {formats.map((known) => <option key={known} value={known}>{t.formats[known]}</option>)}
          </Select>
        </Field>
        <Field label={t.url} required={!webhook} hint={webhook ? t.urlKept(webhook.url) : t.urlWhy}>
          <PasswordInput value={url} autoComplete="off" maxLength={2000} onChange={setUrl} />
        </Field>
      </div>
    </ActDialog>
  );
}

function MailboxDialog({ mailbox, onClose }: { mailbox: string; onClose: () => void }) {
  const { setMailbox } = useChangeNotices();
  const [address, setAddress] = useState(mailbox);
  return (
    <ActDialog title={t.setMailbox} act={t.save} ready={address.trim() !== ""} perform={() => setMailbox(address.trim())} onClose={onClose}>
      <div className="notice-form">
        <Field label={t.address} required hint={t.mailboxWhy}>
          <Input type="email" value={address} maxLength={254} autoComplete="off" onChange={(_, { value }) => setAddress(value)} />
        </Field>
      </div>
    </ActDialog>
  );
}
