// SPDX-License-Identifier: Apache-2.0
import {
  Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, MessageBar, MessageBarBody, MessageBarTitle,
} from "@fluentui/react-components";
import { useState } from "react";
import { request } from "../api/client";
import { own, tokensChanged } from "../api/queries";
import type { Token } from "../api/types";
import { Fingerprint, When } from "../parts/small";
import { Refused } from "../parts/states";
import { useFocusBack } from "../parts/useFocusBack";
import type { Selection } from "../selection";
import { useOrganization } from "../session";
import { texts } from "../texts";
import "./token/detail.css";
import "../parts/act.css";
import "./token/dialogs.css";

const day = 86_400_000;
const atOnce = 1000; // the most that one request may name
const shown = 6;

interface Props { selection: Selection; onClose: (revoked: boolean) => void }

/** Asks before several tokens are revoked, and says which of them are in use. */
export default function RevokeSeveral({ selection, onClose }: Props) {
  useFocusBack();
  const organization = useOrganization();
  const live = selection.kind === "some" ? selection.tokens.filter(({ status }) => status !== "revoked") : [];
  const number = selection.kind === "some" ? live.length : selection.count;
  const [done, setDone] = useState(0);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const revoke = async () => {
    setBusy(true);
    setError(undefined);
    let revoked = 0;
    const ask = async (body: object) => {
      const answer = await request<{ revoked: number; more?: boolean }>("POST", own(organization, "tokens/revoke"), { body, patience: 60_000 });
      revoked += answer.revoked;
      setDone(revoked);
      return answer.more === true && answer.revoked > 0;
    };
    try {
      if (selection.kind === "all") {
        const { status, scope, q } = selection.filter;
        while (await ask({ all: true, status, ...(scope !== undefined && { scope }), ...(q !== undefined && { q }) }));
      } else {
        for (let first = 0; first < live.length; first += atOnce) await ask({ ids: live.slice(first, first + atOnce).map(({ id }) => id) });
      }
      await tokensChanged();
      onClose(true);
    } catch (failure) {
      // Some may be revoked already: the list shows the truth, and asking again does the rest.
      void tokensChanged();
      setError(failure);
      setBusy(false);
    }
  };

  return (
    <Dialog open modalType="alert">
      <DialogSurface className="token-dialog" onKeyDown={(event) => { if (event.key === "Escape" && !busy) onClose(false); }}>
        <DialogBody>
          <DialogTitle>{texts.revoke.severalTitle(number)}</DialogTitle>
          <DialogContent className="stack">
            {selection.kind === "all" ? (
              <MessageBar intent="error" layout="multiline"><MessageBarBody>{texts.revoke.all(number)}</MessageBarBody></MessageBar>
            ) : (
              <Chosen tokens={live} ended={selection.tokens.length - live.length} />
            )}
            <p className="quiet">{texts.revoke.final}</p>
            {busy && done > 0 && <p role="status">{texts.revoke.progress(done, number)}</p>}
            <Refused error={error} />
          </DialogContent>
          <DialogActions fluid>
            <Button onClick={() => onClose(done > 0)} disabled={busy}>{number === 1 ? texts.revoke.keep : texts.revoke.keepSeveral}</Button>
            <Button className="danger" appearance="primary" disabled={busy || number === 0} onClick={() => { void revoke(); }}>{texts.revoke.revokeSeveral(number)}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Chosen({ tokens, ended }: { tokens: Token[]; ended: number }) {
  const lately = tokens.filter(({ lastUsed }) => lastUsed && Date.now() - Date.parse(lastUsed.at) < day).length;
  // The ones in use first: they are what the reader may have overlooked.
  const sorted = [...tokens].sort((a, b) => (b.lastUsed?.at ?? "").localeCompare(a.lastUsed?.at ?? ""));
  return (
    <>
      <MessageBar intent={lately ? "error" : "info"} layout="multiline">
        <MessageBarBody>
          {lately > 0 && <MessageBarTitle>{texts.revoke.now}</MessageBarTitle>}{" "}
          {lately ? texts.revoke.severalNow(lately) : texts.revoke.severalQuiet}
        </MessageBarBody>
      </MessageBar>
      <div className="framed">
        <table className="clients">
          <thead><tr><th scope="col">{texts.revoke.token}</th><th scope="col">{texts.revoke.lastUsed}</th></tr></thead>
          <tbody>
            {sorted.slice(0, shown).map(({ id, name, fingerprint, lastUsed }) => (
              <tr key={id}>
                <td>{name}<br /><Fingerprint of={fingerprint} /></td>
                <td>{lastUsed ? <When at={lastUsed.at} /> : texts.revoke.neverUsed}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length > shown && <p className="hint">{texts.revoke.more(sorted.length - shown)}</p>}
      {ended > 0 && <p className="hint">{texts.revoke.ended(ended)}</p>}
    </>
  );
}
