// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import type { ReactNode } from "react";
import type { useRetry, useUndeliverableAt } from "../../api/undeliverable";
import type { UndeliverablePage } from "../../api/types";
import { When } from "../../parts/small";
import { Failed, SkeletonRows } from "../../parts/states";
import { governance } from "../../texts.governance";
import "../sessions/sessions.css";

const t = governance.mail;

interface Props {
  list: ReturnType<typeof useUndeliverableAt>;
  retry: ReturnType<typeof useRetry>;
  /** What stands there when there is nothing. */
  children?: ReactNode;
}

/** What could not be delivered, with its receiver's words. */
export function UndeliverableList({ list, retry, children }: Props) {
  const all = list.data?.pages.flatMap(({ value }) => value);
  return (
    <section className="card sessions">
      <header>
        <h2>{t.undeliverable}</h2>
        {all && all.length > 0 && <Button size="small" disabled={retry.isPending} onClick={() => retry.mutate({ all: true })}>{t.retryAll}</Button>}
      </header>
      <Failed query={list} />
      {!all ? list.isPending && <SkeletonRows rows={2} />
        : all.length === 0 ? children
        : <ul>{all.map((one) => <Row key={one.id} one={one} busy={retry.isPending} onRetry={() => retry.mutate({ ids: [one.id] })} />)}</ul>}
      {list.hasNextPage && <div className="notices-foot"><Button appearance="subtle" disabled={list.isFetchingNextPage} onClick={() => { void list.fetchNextPage(); }}>{t.more}</Button></div>}
    </section>
  );
}

function Row({ one, busy, onRetry }: { one: UndeliverablePage["value"][number]; busy: boolean; onRetry: () => void }) {
  const { recipient, tokenName, lastError, attempts, queuedAt } = one;
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
