// SPDX-License-Identifier: Apache-2.0
import { agentName } from "../../agents";
import type { Token } from "../../api/types";
import { shortDate, timeLeft, until } from "../../dates";
import { When } from "../../parts/small";
import { texts } from "../../texts";

/** When it was last used, from where and with what; or since when it has waited. */
export function LastUsed({ token: { lastUsed, createdAt } }: { token: Token }) {
  if (!lastUsed) return <>{texts.tokens.never}<span className="two">{texts.tokens.createdOn(shortDate(createdAt))}</span></>;
  return (
    <>
      <When at={lastUsed.at} />
      <span className="two clip" title={lastUsed.userAgent}>{[lastUsed.address, lastUsed.userAgent && agentName(lastUsed.userAgent)].filter(Boolean).join(" · ")}</span>
    </>
  );
}

/** When it ends, or has ended and by whom. */
export function Ends({ token }: { token: Token }) {
  const at = (token.status === "revoked" && token.endedAt) || token.validTo;
  return (
    <>
      <When at={at}>{shortDate(at)}</When>
      <span className="two clip">{token.oldSecretUntil ? texts.tokens.oldSecret(timeLeft(token.oldSecretUntil)) : endedBy(token) || until(at)}</span>
    </>
  );
}

export function endedBy({ status, endedBy: who }: Token): string {
  if (status !== "revoked" || !who) return "";
  return who.self ? texts.tokens.endedByYou : texts.tokens.endedBy(who.displayName);
}

/** "Expires 26 Nov 2026, in 2 days", for where there is no column's head. */
export function endsInWords(token: Token): string {
  if (token.status === "revoked") return texts.tokens.revokedOn(shortDate(token.endedAt ?? token.validTo), endedBy(token));
  if (token.status === "expired") return texts.tokens.expired(shortDate(token.validTo));
  return texts.tokens.expires(shortDate(token.validTo), until(token.validTo));
}
