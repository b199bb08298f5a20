// SPDX-License-Identifier: Apache-2.0
import { Button, MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { Mail32Regular } from "@fluentui/react-icons";
import { useMail, useRetryMail, useTestMail, useUndeliverable } from "../api/mail";
import type { UndeliverablePage } from "../api/types";
import { localTime } from "../dates";
import { PageTitle } from "../parts/PageTitle";
import { When } from "../parts/small";
import { Empty, Failed, Refused, SkeletonRows } from "../parts/states";
import { governance } from "../texts.governance";
import { MailServer } from "./mail/MailServer";
import "./lists/lists.css";
import "./sessions/sessions.css";

const t = governance.mail;

/** How mail is doing, a test of it, and what could not be delivered. */
export default function Mail() {
  const state = useMail();
  const list = useUndeliverable();
  const retry = useRetryMail();
  const test = useTestMail();
  const mails = list.data?.pages.flatMap(({ value }) => value);
  const configured = state.data?.configured;
  return (
    <>
      <PageTitle title={t.title} actions={configured && <Button disabled={test.isPending} onClick={() => test.mutate()}>{test.isPending ? t.testing : t.test}</Button>}>{t.intro}</PageTitle>
      <div className="notes stack">
        <Failed query={state} />
        <Refused error={test.error ?? retry.error} />
        {configured === false && <MessageBar intent="info"><MessageBarBody><MessageBarTitle>{t.off}</MessageBarTitle> {t.offWhy}</MessageBarBody></MessageBar>}
        {test.data && (
          <MessageBar intent={test.data.taken ? "success" : "error"} layout="multiline">
            <MessageBarBody><MessageBarTitle>{test.data.taken ? t.taken(test.data.to) : t.notTaken(test.data.to)}</MessageBarTitle> {t.said(test.data.reply)}</MessageBarBody>
          </MessageBar>
        )}
        {state.data?.waitingUntil !== undefined && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody><MessageBarTitle>{t.waits(localTime(state.data.waitingUntil))}</MessageBarTitle> {state.data.lastError !== undefined && t.said(state.data.lastError)}</MessageBarBody>
          </MessageBar>
        )}
        {state.data && state.data.queued > 0 && <p>{t.queued(state.data.queued)}</p>}
      </div>
      {(configured || (mails !== undefined && mails.length > 0)) && <section className="card sessions">
        <header>
          <h2>{t.undeliverable}</h2>
          {mails && mails.length > 0 && <Button size="small" disabled={retry.isPending} onClick={() => retry.mutate({ all: true })}>{t.retryAll}</Button>}
        </header>
        <Failed query={list} />
        {!mails ? list.isPending && <SkeletonRows rows={2} />
          : mails.length === 0 ? <Empty icon={<Mail32Regular />} title={t.none}>{t.noneWhy}</Empty>
          : <ul>{mails.map((mail) => <Row key={mail.id} mail={mail} busy={retry.isPending} onRetry={() => retry.mutate({ ids: [mail.id] })} />)}</ul>}
        {list.hasNextPage && <div className="notices-foot"><Button appearance="subtle" disabled={list.isFetchingNextPage} onClick={() => { void list.fetchNextPage(); }}>{t.more}</Button></div>}
      </section>}
      <MailServer />
    </>
  );
}

function Row({ mail, busy, onRetry }: { mail: UndeliverablePage["value"][number]; busy: boolean; onRetry: () => void }) {
  const { recipient, tokenName, lastError, attempts, queuedAt } = mail;
  return (
    <li>
      <div>
        <strong>{recipient.displayName}</strong> <span className="hint">{recipient.emailAddress}</span>
        {tokenName !== undefined && <p>{t.about(tokenName)}</p>}
        <p className="hint">{t.said(lastError)}</p>
        <p className="hint">{t.tried(attempts)} · <When at={queuedAt} /></p>
      </div>
      <Button aria-label={t.retryOne(recipient.displayName)} disabled={busy} onClick={onRetry}>{t.retry}</Button>
    </li>
  );
}
