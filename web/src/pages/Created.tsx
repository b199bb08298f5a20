// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { useEffect, useState } from "react";
import type { Pat } from "../api/types";
import { longUtcDate } from "../dates";
import { CopyButton } from "../parts/CopyButton";
import { SidePanel } from "../parts/SidePanel";
import { Fingerprint } from "../parts/small";
import { setGuard } from "../router";
import { texts } from "../texts";
import { Examples } from "./created/Examples";
import { useSecret } from "./created/useSecret";
import "./created/created.css";

interface Props {
  title: string;
  pat: Pat;
  organization: string;
  onClose: () => void;
}

/** The one moment in which a secret can be seen. Closing waits until it was copied, or somebody says that it is safe. */
export function Created({ title, pat, organization, onClose }: Props) {
  const secret = useSecret(pat.token ?? "");
  const [copied, setCopied] = useState(false);
  const [saved, setSaved] = useState(false);
  const [asking, setAsking] = useState(false);
  const safe = copied || saved || !secret;

  useEffect(() => {
    if (safe) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    setGuard(() => { setAsking(true); return false; });
    window.addEventListener("beforeunload", ask);
    return () => {
      setGuard(undefined);
      window.removeEventListener("beforeunload", ask);
    };
  }, [safe]);

  const close = () => {
    setGuard(undefined);
    onClose();
  };
  const footer = asking && !safe ? (
    <div className="leaving" role="group" aria-label={texts.created.closeWithout}>
      <span role="alert">{texts.created.closeWithout}</span>
      <Button autoFocus onClick={() => setAsking(false)}>{texts.created.stay}</Button>
      <Button onClick={close}>{texts.created.closeAnyway}</Button>
    </div>
  ) : (
    <>
      <span className="hint">{texts.created.again}</span>
      <Button className="done" appearance="primary" disabledFocusable={!safe} onClick={() => { if (safe) close(); }}>{texts.created.done}</Button>
    </>
  );

  return (
    <SidePanel
      title={title}
      subtitle={<>{pat.displayName} · <Fingerprint of={pat.fingerprint ?? ""} /> · {pat.targetAccounts ? organization : texts.form.allOrganizations} · {pat.validTo && texts.created.expires(longUtcDate(pat.validTo))}</>}
      width={640}
      onClose={() => (safe ? close() : setAsking(true))}
      footer={footer}
    >
      {secret ? (
        <div className="created">
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody><MessageBarTitle>{texts.created.now}</MessageBarTitle> {texts.created.why}</MessageBarBody>
          </MessageBar>
          <Secret secret={secret} fingerprint={pat.fingerprint ?? ""} />
          <div className="keep">
            <CopyButton appearance="primary" label={texts.created.copy} text={() => secret} onCopied={() => setCopied(true)} />
            <Checkbox label={texts.created.saved} checked={saved} onChange={(_, { checked }) => setSaved(checked === true)} />
            <span className="hint">{texts.created.coloured} <strong>{texts.created.fingerprint}</strong>{texts.created.share}</span>
          </div>
          <Examples organization={organization} secret={secret} />
        </div>
      ) : (
        <p role="status">{texts.created.gone}</p>
      )}
    </SidePanel>
  );
}

function Secret({ secret, fingerprint }: { secret: string; fingerprint: string }) {
  const at = fingerprint ? secret.lastIndexOf(fingerprint) : -1;
  return (
    <div className="secret">
      <div><strong>{texts.created.yours}</strong><span className="hint">{texts.created.characters(secret.length)}</span></div>
      <div role="group" aria-label={texts.created.group} className="secret-text" translate="no" spellCheck={false}>
        {at < 0 ? secret : <>{secret.slice(0, at)}<b>{secret.slice(at, at + fingerprint.length)}</b>{secret.slice(at + fingerprint.length)}</>}
      </div>
    </div>
  );
}
