// SPDX-License-Identifier: Apache-2.0
import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, MessageBar, MessageBarBody, MessageBarTitle, Textarea } from "@fluentui/react-components";
import { useState, type FormEvent } from "react";
import { Failure } from "../../api/client";
import type { Of } from "../../api/governed";
import { findToken, type InventoryToken } from "../../api/inventory";
import { shortDate } from "../../dates";
import { Fingerprint, When } from "../../parts/small";
import { Refused } from "../../parts/states";
import { StatusTag } from "../../parts/StatusTag";
import { useFocusBack } from "../../parts/useFocusBack";
import { governance } from "../../texts.governance";
import { texts } from "../../texts";
import { isLive } from "../tokens/list";

const t = governance.inventory;

interface Props { of: Of; onRevoke: (token: InventoryToken) => void; mayRevoke: (token: InventoryToken) => boolean; onClose: () => void }

/** Whose is this? What was found is held by the field alone, and gone from it once it was checked. */
export function CheckToken({ of, onRevoke, mayRevoke, onClose }: Props) {
  useFocusBack();
  const [text, setText] = useState("");
  const [found, setFound] = useState<InventoryToken | "none">();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const check = async (event: FormEvent) => {
    event.preventDefault();
    const given = text.replace(/\s+/g, "");
    if (given === "" || busy) return;
    setBusy(true);
    setError(undefined);
    setFound(undefined);
    try {
      setFound(await findToken(of, given.length === 12 ? { fingerprint: given } : { token: given }));
      setText("");
    } catch (failure) {
      if (failure instanceof Failure && failure.status === 404) {
        setFound("none");
        setText("");
      } else setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const token = found === "none" ? undefined : found;
  return (
    <Dialog open onOpenChange={(_, { open }) => { if (!open) onClose(); }}>
      <DialogSurface className="act-dialog check-dialog">
        <form onSubmit={(event) => { void check(event); }} noValidate>
          <DialogBody>
            <DialogTitle>{t.checkTitle}</DialogTitle>
            <DialogContent className="stack">
              <p>{t.checkWhy}</p>
              <Field label={t.checkField}>
                <Textarea className="mono" value={text} rows={3} autoComplete="off" spellCheck={false} translate="no" onChange={(_, { value }) => setText(value)} />
              </Field>
              <div role="status">
                {token && <Found token={token} />}
                {found === "none" && <MessageBar layout="multiline"><MessageBarBody><MessageBarTitle>{t.notFound}.</MessageBarTitle> {t.notFoundWhy}</MessageBarBody></MessageBar>}
              </div>
              <Refused error={error} />
            </DialogContent>
            <DialogActions fluid>
              <Button onClick={onClose}>{texts.common.close}</Button>
              {token && isLive(token) && mayRevoke(token)
                ? <Button appearance="primary" className="danger" onClick={() => onRevoke(token)}>{t.revokeDo(1)}</Button>
                : <Button type="submit" appearance="primary" disabled={busy || text.trim() === ""}>{found ? t.checkAgain : t.checkDo}</Button>}
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}

function Found({ token }: { token: InventoryToken }) {
  return (
    <div className="found-token">
      <p><strong>{t.found}.</strong> {isLive(token) ? t.liveNow : t.endedAlready}</p>
      <dl>
        <div><dt>{t.name}</dt><dd><strong>{token.name}</strong> <Fingerprint of={token.fingerprint} /></dd></div>
        <div><dt>{t.owner}</dt><dd>{token.owner.displayName}<span className="hint"> {token.owner.email}</span></dd></div>
        <div><dt>{t.status}</dt><dd><StatusTag status={token.status} /></dd></div>
        <div><dt>{t.lastUsed}</dt><dd>{token.lastUsedAt ? <When at={token.lastUsedAt} /> : t.never}{token.lastAddress && ` · ${token.lastAddress}`}</dd></div>
        <div><dt>{t.expires}</dt><dd>{shortDate(token.validTo)}</dd></div>
      </dl>
    </div>
  );
}
