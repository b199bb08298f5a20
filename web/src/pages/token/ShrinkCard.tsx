// SPDX-License-Identifier: Apache-2.0
import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { Lightbulb20Regular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import { Fragment } from "react";
import { request } from "../../api/client";
import { own, tokensChanged } from "../../api/queries";
import type { Token, TokenDetails, Uses } from "../../api/types";
import { ago, daysUntil, shortDate } from "../../dates";
import { useScopeNames } from "../../parts/ScopeTags";
import { Refused } from "../../parts/states";
import { texts } from "../../texts";

interface Props { token: TokenDetails; uses: Uses; organization: string }

/** What a token uses of what it may do; if less would have been enough, the offer to take the rest away. */
export function ShrinkCard({ token, uses, organization }: Props) {
  const path = own(organization, `tokens/${token.id}/shrink`);
  const shrink = useMutation({ mutationFn: (scopes: string[]) => request<Token>("POST", path, { body: { scopes } }), onSuccess: tokensChanged });
  const undo = useMutation({ mutationFn: () => request<Token>("DELETE", path), onSuccess: tokensChanged });
  const live = token.status !== "revoked" && token.status !== "expired";
  const suggested = live ? uses.suggested : null;
  const used = uses.scopes.length > 0;
  if (!used && !token.shrink) return null;
  return (
    <>
      {token.shrink && live && (
        <div className="shrunk">
          <MessageBar intent="success" layout="multiline">
            <MessageBarBody>
              <MessageBarTitle>{texts.detail.shrunk}</MessageBarTitle>
              {texts.detail.shrunkWhy(shortDate(token.shrink.undoUntil))}
            </MessageBarBody>
            <MessageBarActions>
              <Button size="small" disabled={undo.isPending} onClick={() => undo.mutate()}>{texts.detail.undo}</Button>
            </MessageBarActions>
          </MessageBar>
          <Refused error={undo.error} />
        </div>
      )}
      {used && (
        <section className={suggested ? "card shrink" : "card"} aria-labelledby="scopes-used">
          <div className="shrink-head">
            {suggested && <Lightbulb20Regular aria-hidden="true" />}
            <div>
              <h2 id="scopes-used">{suggested ? texts.detail.shrinkTitle : texts.detail.scopesTitle}</h2>
              {suggested && <Why suggested={suggested} createdAt={token.createdAt} organization={organization} />}
            </div>
          </div>
          <ScopeUse uses={uses} organization={organization} />
          {suggested && (
            <div className="shrink-foot">
              <Button appearance="primary" disabled={shrink.isPending} onClick={() => shrink.mutate(suggested)}>{texts.detail.shrink}</Button>
              <span className="hint">{texts.detail.shrinkHint}</span>
              <Refused error={shrink.error} />
            </div>
          )}
        </section>
      )}
    </>
  );
}

function Why({ suggested, createdAt, organization }: { suggested: string[]; createdAt: string; organization: string }) {
  const nameOf = useScopeNames(organization);
  return (
    <p>
      {texts.detail.shrinkWhy(-daysUntil(createdAt) - 1)}
      {suggested.map((scope, index) => (
        <Fragment key={scope}>
          {index > 0 && (index === suggested.length - 1 ? " and " : ", ")}
          <strong>{nameOf(scope)}</strong>
        </Fragment>
      ))}
      .
    </p>
  );
}

function ScopeUse({ uses, organization }: { uses: Uses; organization: string }) {
  const nameOf = useScopeNames(organization);
  const most = Math.max(1, ...uses.scopes.map(({ accepted }) => accepted));
  const all = Math.max(most, uses.scopes.reduce((sum, { accepted }) => sum + accepted, 0));
  return (
    <ul className="scope-use">
      {uses.scopes.map(({ scope, accepted, lastUsed }) => (
        <li key={scope}>
          <div><strong>{nameOf(scope)}</strong><span className="numbers">{texts.detail.scopeRequests(accepted)}</span></div>
          {lastUsed && <p className="hint">{texts.detail.lastUse(ago(lastUsed))}</p>}
          <div className="meter" aria-hidden="true"><i style={{ width: `${Math.max(1, (100 * accepted) / all)}%` }} /></div>
        </li>
      ))}
      {uses.neverUsed.map((scope) => (
        <li key={scope}>
          <div><strong>{nameOf(scope)}</strong><span className="never">{texts.detail.neverUsed}</span></div>
          <p className="hint">{texts.detail.neverUsedWhy}</p>
          <div className="meter" aria-hidden="true" />
        </li>
      ))}
    </ul>
  );
}
