// SPDX-License-Identifier: Apache-2.0
import { ArrowSync20Regular, Clock20Regular, KeyMultiple20Regular, PlugDisconnected20Regular, ShieldAdd20Regular, ShieldError20Regular, ShieldTask20Regular } from "@fluentui/react-icons";
import type { ReactElement } from "react";
import { agentName } from "../../agents";
import type { NoticePage } from "../../api/types";
import { ago, dayAndTime, exact, longUtcDate, moment, until } from "../../dates";
import { useScopeNames } from "../../parts/ScopeTags";
import { Go, usePlace } from "../../router";
import { useOrganization } from "../../session";
import { texts } from "../../texts";

export type Notice = NoticePage["value"][number];

const icons: Record<Notice["kind"], ReactElement> = {
  expiresSoon: <Clock20Regular />,
  created: <KeyMultiple20Regular />,
  regenerated: <ArrowSync20Regular />,
  widened: <ShieldAdd20Regular />,
  revokedByOther: <ShieldError20Regular />,
  policyWarning: <ShieldTask20Regular />,
  revokedByPolicy: <ShieldError20Regular />,
  streamDisabled: <PlugDisconnected20Regular />,
  expired: <Clock20Regular />,
  restsSoon: <Clock20Regular />,
  newNetwork: <ShieldError20Regular />,
  weeklyDigest: <KeyMultiple20Regular />,
};

/** One thing that happened, what it means, and what to do about it. */
export function NoticeRow({ notice, onRead }: { notice: Notice; onRead: () => void }) {
  const organization = useOrganization();
  const { path, search } = usePlace();
  const nameOf = useScopeNames(organization);
  const { title, why } = told(notice, nameOf);
  // A token of one organization is looked at there; one of all, here.
  const place = notice.token && `/${encodeURIComponent(notice.token.organization?.name ?? organization)}/_usersSettings/tokens/${notice.token.id}`;
  const act = place ? actOf(notice, place) : undefined;
  const age = Date.now() - Date.parse(notice.at);
  return (
    <li data-kind={notice.kind} data-read={notice.read}>
      <span className="notice-icon" aria-hidden="true">{icons[notice.kind]}</span>
      <div>
        <p className="notice-title">{place ? <Go to={place} onClick={onRead}>{title}</Go> : title}</p>
        {why && <p className="hint">{why}</p>}
        <p className="hint notice-foot">
          <time dateTime={notice.at} title={exact(notice.at)}>{age < 86_400_000 ? ago(notice.at) : dayAndTime(notice.at)}</time>
          {act && <Go to={act.to} className="link" behind={path + (search.size ? `?${search.toString()}` : "")} onClick={onRead}>{act.text}</Go>}
        </p>
      </div>
      {!notice.read && <span className="notice-dot" role="img" aria-label={texts.bell.unread} />}
    </li>
  );
}

function told({ kind, token, data }: Notice, nameOf: (scope: string) => string): { title: string; why: string | undefined } {
  const name = token?.name ?? "";
  const from = data.address ? texts.bell.from(agentName(data.userAgent ?? ""), data.address) : "";
  switch (kind) {
    case "expiresSoon":
      return data.validTo !== undefined && new Date(data.validTo) > new Date()
        ? { title: texts.bell.expiresSoon(name, until(data.validTo)), why: texts.bell.expiresSoonWhy }
        : { title: texts.bell.expiredNow(name), why: undefined };
    case "expired":
      return { title: texts.bell.expiredNow(name), why: texts.bell.expiredWhy };
    case "restsSoon":
      return { title: texts.bell.restsSoon(name, until(data.validTo ?? "")), why: texts.bell.restsSoonWhy };
    case "weeklyDigest":
      return { title: texts.bell.weeklyDigest, why: texts.bell.weeklyDigestWhy };
    case "newNetwork":
      return { title: texts.bell.newNetwork(name), why: texts.bell.createdWhy(from) };
    case "created":
      return { title: texts.bell.created(name), why: texts.bell.createdWhy(from) };
    case "regenerated": {
      const { oldSecretUntil: old } = data;
      const still = old !== undefined && new Date(old) > new Date();
      return { title: texts.bell.regenerated(name), why: `${from} ${still ? texts.bell.regeneratedWhy(moment(old)) : texts.bell.regeneratedNow}` };
    }
    case "widened":
      return { title: texts.bell.widened(name), why: `${from} ${data.scopes?.length ? texts.bell.widenedWhy(data.scopes.map(nameOf).join(", ")) : ""}` };
    case "revokedByOther":
      return {
        title: data.count === undefined ? texts.bell.revokedByOther(name, data.actor) : texts.bell.revokedSeveral(name, data.count - 1, data.actor),
        why: texts.bell.revokedWhy(data.reason),
      };
    case "policyWarning":
      return { title: texts.bell.policyWarning(name), why: texts.bell.policyWarningWhy(data.refuseFrom && longUtcDate(data.refuseFrom), data.revokeFrom && longUtcDate(data.revokeFrom)) };
    case "revokedByPolicy":
      return { title: texts.bell.revokedByPolicy(name), why: texts.bell.revokedByPolicyWhy };
    case "streamDisabled":
      return { title: texts.bell.streamDisabled(data.stream ?? ""), why: data.reason };
  }
}

function actOf({ kind }: Notice, place: string): { text: string; to: string } | undefined {
  if (kind === "expiresSoon" || kind === "expired") return { text: texts.bell.regenerate, to: `${place}/regenerate` };
  if (kind === "revokedByOther" || kind === "revokedByPolicy" || kind === "policyWarning" || kind === "restsSoon") return undefined;
  return { text: texts.bell.wasNotMe, to: `${place}/revoke` };
}
