// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import { agentName } from "../../agents";
import type { TokenDetails } from "../../api/types";
import { elsewhere, shortDate, shortUtcDate, timeLeft, utcTime } from "../../dates";
import { useScopeNames } from "../../parts/ScopeTags";
import { Fingerprint } from "../../parts/small";
import { useSession } from "../../session";
import { texts } from "../../texts";

export function Facts({ token, organization }: { token: TokenDetails; organization: string }) {
  const { displayName } = useSession().user;
  const nameOf = useScopeNames(organization);
  const there = elsewhere(token.validTo);
  const secrets = token.secrets.filter(({ liveUntil }) => liveUntil === undefined || new Date(liveUntil) > new Date());
  return (
    <section className="card facts" aria-labelledby="facts">
      <h2 id="facts">{texts.detail.facts}</h2>
      <dl>
        <Fact name={texts.detail.owner}>{displayName}</Fact>
        <Fact name={texts.detail.organization}>{token.organization?.name ?? texts.detail.allOrganizations}</Fact>
        <Fact name={texts.detail.created}>{shortDate(token.createdAt)} {texts.detail.madeBy[token.madeBy] ?? ""}</Fact>
        <Fact name={texts.detail.madeFrom}>
          {token.madeFrom.address}
          <small title={token.madeFrom.userAgent}>{agentName(token.madeFrom.userAgent)}</small>
        </Fact>
        <Fact name={texts.detail.validUntil}>
          {texts.detail.utc(shortUtcDate(token.validTo), utcTime(token.validTo))}
          {there && <small>{there}</small>}
        </Fact>
        {token.description && <Fact name={texts.detail.description}>{token.description}</Fact>}
        {secrets.length > 1 && (
          <Fact name={texts.detail.secrets}>
            {secrets.map(({ fingerprint, liveUntil }) => (
              <span key={fingerprint} className="fact-secret">
                <Fingerprint of={fingerprint} />
                <small>{liveUntil === undefined ? texts.detail.secretNow : texts.detail.secretUntil(timeLeft(liveUntil))}</small>
              </span>
            ))}
          </Fact>
        )}
        <Fact name={texts.detail.scopes}>
          <ul className="fact-scopes">
            {token.fullAccess ? <li className="full-access">{texts.detail.fullAccess}</li> : token.scopes.map((scope) => <li key={scope}>{nameOf(scope)}</li>)}
          </ul>
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}
