// SPDX-License-Identifier: Apache-2.0
import { Button, MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { Mail32Regular } from "@fluentui/react-icons";
import { useMail, useRetryMail, useTestMail, useUndeliverable } from "../api/mail";
import { localTime } from "../dates";
import { PageTitle } from "../parts/PageTitle";
import { Empty, Failed, Refused } from "../parts/states";
import { governance } from "../texts.governance";
import { MailServer } from "./mail/MailServer";
import { UndeliverableList } from "./notices/UndeliverableList";
import "./lists/lists.css";

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
      {(configured || (mails !== undefined && mails.length > 0)) && <UndeliverableList list={list} retry={retry}><Empty icon={<Mail32Regular />} title={t.none}>{t.noneWhy}</Empty></UndeliverableList>}
      <MailServer />
    </>
  );
}
