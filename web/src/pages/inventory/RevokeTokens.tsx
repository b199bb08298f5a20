// SPDX-License-Identifier: Apache-2.0
import { Field, Input, MessageBar, MessageBarBody } from "@fluentui/react-components";
import { useState } from "react";
import type { Of } from "../../api/governed";
import { revoke, type InventoryFilter, type InventoryToken } from "../../api/inventory";
import { ActDialog } from "../../parts/ActDialog";
import { Fingerprint } from "../../parts/small";
import { governance } from "../../texts.governance";
import { isLive } from "../tokens/list";

const t = governance.inventory;
const day = 86_400_000;
const shown = 5;

interface Props {
  of: Of;
  what: { tokens: readonly InventoryToken[] } | { match: InventoryFilter; total: number | undefined };
  /** Whether tokens of all organizations may be ended too. */
  everywhere: boolean;
  onBegun: () => void;
  onClose: () => void;
}

/** Asks before tokens of others are revoked. */
export function RevokeTokens({ of, what, everywhere, onBegun, onClose }: Props) {
  const [reason, setReason] = useState("");
  const live = "tokens" in what ? what.tokens.filter(isLive) : [];
  const mine = live.filter(({ organization }) => everywhere || organization !== undefined);
  const number = "tokens" in what ? mine.length : what.total;
  const perform = async () => {
    await revoke(of, "tokens" in what ? { ids: mine.map(({ id }) => id) } : { match: what.match }, reason.trim());
    onBegun();
  };
  return (
    <ActDialog title={t.revokeTitle(number)} act={t.revokeDo(number)} keep={number === 1 ? t.keep : t.keepSeveral} danger ready={number !== 0} perform={perform} onClose={onClose}>
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>{t.revokeWhy}{"match" in what ? ` ${t.revokeAll}` : ` ${lately(mine)}`}</MessageBarBody>
      </MessageBar>
      {mine.length > 0 && (
        <ul className="revoke-list">
          {mine.slice(0, shown).map(({ id, name, fingerprint, owner }) => <li key={id}><strong>{name}</strong><Fingerprint of={fingerprint} /><span className="hint">{owner.displayName}</span></li>)}
          {mine.length > shown && <li className="hint">{t.more(mine.length - shown)}</li>}
        </ul>
      )}
      {mine.length < live.length && <p>{t.notYours(live.length - mine.length)}</p>}
      <Field label={t.revokeReason} hint={t.revokeReasonHint}>
        <Input value={reason} maxLength={200} autoComplete="off" onChange={(_, { value }) => setReason(value)} />
      </Field>
    </ActDialog>
  );
}

function lately(tokens: readonly InventoryToken[]): string {
  const number = tokens.filter(({ lastUsedAt }) => lastUsedAt && Date.now() - Date.parse(lastUsedAt) < day).length;
  return number === 0 ? t.quiet : t.lately(number);
}
