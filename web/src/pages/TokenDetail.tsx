// SPDX-License-Identifier: Apache-2.0
import { Button, useRestoreFocusTarget } from "@fluentui/react-components";
import { ArrowSync20Regular, Edit20Regular, Key32Regular, Prohibited20Regular } from "@fluentui/react-icons";
import type { ReactElement } from "react";
import { Failure } from "../api/client";
import { useToken, useUses } from "../api/tokens";
import type { TokenDetails } from "../api/types";
import { longUtcDate, shortDate, until } from "../dates";
import { CopyButton } from "../parts/CopyButton";
import { PageTitle, useTitle } from "../parts/PageTitle";
import { Fingerprint } from "../parts/small";
import { Empty, Failed, SkeletonRows } from "../parts/states";
import { StatusTag } from "../parts/StatusTag";
import { navigate, usePlace } from "../router";
import { parts, type Part } from "../routes";
import { useOrganization } from "../session";
import { useCrumb } from "../shell/crumb";
import { texts } from "../texts";
import { Facts } from "./token/Facts";
import { History } from "./token/History";
import { OldSecret } from "./token/OldSecret";
import { ShrinkCard } from "./token/ShrinkCard";
import { UseCard } from "./token/UseCard";
import "./token/detail.css";

export default function TokenDetail() {
  const organization = useOrganization();
  const id = usePlace().segments[3] ?? "";
  const token = useToken(organization, id);
  const uses = useUses(organization, id);
  useTitle(token.data?.name ?? texts.detail.loading);
  useCrumb(token.data?.name);

  if (!token.data) {
    if (token.error instanceof Failure && token.error.status === 404) return <Gone organization={organization} />;
    return token.error ? <><h1 className="hidden">{texts.detail.loading}</h1><Failed query={token} /></> : <Loading />;
  }
  return (
    <>
      <Head token={token.data} organization={organization} />
      <div className="notes"><Failed query={token} /></div>
      <div className={token.error ? "detail stale" : "detail"}>
        <div className="detail-main">
          {uses.data?.oldSecret && <OldSecret of={uses.data.oldSecret} />}
          <UseCard query={uses} />
          {uses.data && <ShrinkCard token={token.data} uses={uses.data} organization={organization} />}
        </div>
        <div className="detail-side">
          <Facts token={token.data} organization={organization} />
          <History organization={organization} id={id} name={token.data.name} />
        </div>
      </div>
    </>
  );
}

function Head({ token, organization }: { token: TokenDetails; organization: string }) {
  return (
    <PageTitle
      title={token.name}
      tag={<StatusTag status={token.status} />}
      below={
        <div className="detail-line">
          <span className="detail-fingerprint">
            <Fingerprint of={token.fingerprint} />
            <CopyButton text={() => token.fingerprint} name={texts.detail.copyFingerprint} appearance="subtle" size="small" />
          </span>
          <span>{token.organization?.name ?? texts.detail.allOrganizations} · {end(token)}</span>
        </div>
      }
      actions={
        token.status !== "revoked" && (
          <>
            <Open panel="edit" part={parts.edit} icon={<Edit20Regular />} text={texts.detail.edit} of={token.id} organization={organization} />
            <Open panel="regenerate" part={parts.regenerate} icon={<ArrowSync20Regular />} text={texts.detail.regenerate} of={token.id} organization={organization} />
            <Open panel="revoke" part={parts.revoke} icon={<Prohibited20Regular />} text={texts.detail.revoke} of={token.id} organization={organization} />
          </>
        )
      }
    />
  );
}

function end(token: TokenDetails): string {
  if (token.status === "revoked") {
    const by = token.endedBy?.self ? texts.detail.you : token.endedBy?.displayName;
    return texts.detail.revoked(shortDate(token.endedAt ?? token.validTo), by) + (token.endedReason ? ` · ${texts.detail.reason(token.endedReason)}` : "");
  }
  const words = token.status === "expired" ? texts.detail.expired : texts.detail.expires;
  return words(longUtcDate(token.validTo), until(token.validTo));
}

interface OpenProps { panel: string; part: Part; icon: ReactElement; text: string; of: string; organization: string }

function Open({ panel, part, icon, text, of, organization }: OpenProps) {
  const page = `/${encodeURIComponent(organization)}/_usersSettings/tokens/${of}`;
  const restore = useRestoreFocusTarget(); // the panel gives the focus back when it closes
  return (
    <Button {...restore} icon={icon} onMouseEnter={part.fetch} onFocus={part.fetch} onClick={() => navigate(`${page}/${panel}`, { behind: page })}>
      {text}
    </Button>
  );
}

function Gone({ organization }: { organization: string }) {
  return (
    <>
      <h1 className="hidden">{texts.detail.loading}</h1>
      <div className="card">
        <Empty
          icon={<Key32Regular />}
          title={texts.detail.gone}
          actions={<Button appearance="primary" onClick={() => navigate(`/${encodeURIComponent(organization)}/_usersSettings/tokens`)}>{texts.detail.toTokens}</Button>}
        >
          {texts.detail.goneWhy}
        </Empty>
      </div>
    </>
  );
}

function Loading() {
  return (
    <>
      <h1 className="hidden">{texts.detail.loading}</h1>
      <div className="card"><SkeletonRows rows={6} /></div>
    </>
  );
}
