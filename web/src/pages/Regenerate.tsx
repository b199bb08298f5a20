// SPDX-License-Identifier: Apache-2.0
import {
  Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Select,
} from "@fluentui/react-components";
import { useEffect, useRef, useState } from "react";
import { request } from "../api/client";
import { tokensChanged, useHints } from "../api/queries";
import { issued, useToken, useUses } from "../api/tokens";
import type { Hints, PatResult, Token, TokenDetails } from "../api/types";
import { longUtcDate, moment, utcMidnight } from "../dates";
import { Segmented } from "../parts/Segmented";
import { Failed, Refused, SkeletonRows } from "../parts/states";
import { useFocusBack } from "../parts/useFocusBack";
import { leavePanel, usePlace } from "../router";
import { useOrganization } from "../session";
import { texts } from "../texts";
import { Created } from "./Created";
import { ClientsTable } from "./token/ClientsTable";
import { TokenLine } from "./token/TokenLine";
import "./token/detail.css";
import "./token/dialogs.css";

/** Asks how long the old secret goes on working, then shows the new one, once. */
export default function Regenerate() {
  useFocusBack();
  const organization = useOrganization();
  const id = usePlace().segments[3] ?? "";
  const token = useToken(organization, id);
  const hints = useHints(organization);
  // The new secret lives here and nowhere else; it goes with this component.
  const [pat, setPat] = useState<PatResult["patToken"]>(null);
  const close = () => leavePanel(`/${encodeURIComponent(organization)}/_usersSettings/tokens`);

  if (pat) return <Created pat={pat} organization={organization} title={texts.regenerate.done} onClose={close} />;
  return (
    <Dialog open modalType="modal" onOpenChange={(_, { open }) => { if (!open) close(); }}>
      <DialogSurface className="token-dialog">
        {token.data && token.data.status !== "revoked" && (hints.data || hints.error) ? (
          <Form token={token.data} hints={hints.data} organization={organization} onIssued={setPat} onCancel={close} />
        ) : (
          <DialogBody>
            <DialogTitle>{texts.regenerate.title}</DialogTitle>
            <DialogContent className="stack">
              {token.data?.status === "revoked" ? <p>{texts.regenerate.ended}</p> : token.error ? <Failed query={token} /> : <SkeletonRows rows={3} />}
            </DialogContent>
            <DialogActions fluid><Button onClick={close}>{texts.common.close}</Button></DialogActions>
          </DialogBody>
        )}
      </DialogSurface>
    </Dialog>
  );
}

interface FormProps {
  token: TokenDetails;
  hints: Hints | undefined;
  organization: string;
  onIssued: (pat: PatResult["patToken"]) => void;
  onCancel: () => void;
}

const graces = [0, 3600, 28_800, 86_400];

function Form({ token, hints, organization, onIssued, onCancel }: FormProps) {
  const [choices] = useState(() => ends(token, hints));
  const [grace, setGrace] = useState(86_400);
  const [end, setEnd] = useState(choices.usual);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const expired = token.status === "expired";
  const harmless = useRef<HTMLButtonElement>(null);
  // Here, not at the dialog's opening: what it showed while it waited is gone, and the focus with it.
  useEffect(() => harmless.current?.focus(), []);

  const regenerate = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const path = `/${encodeURIComponent(organization)}/_apis/tokens/pats/${token.id}/regenerate?api-version=7.1-preview.1`;
      onIssued(issued(await request<PatResult>("POST", path, { body: { validTo: end, graceSeconds: expired ? 0 : grace } })));
      void tokensChanged();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  return (
    <DialogBody>
      <DialogTitle>{texts.regenerate.title}</DialogTitle>
      <DialogContent className="stack">
        <TokenLine token={token} />
        <p>{texts.regenerate.why}</p>
        {!expired && (
          <div>
            <p id="grace" className="label">{texts.regenerate.grace}</p>
            <Segmented
              label={texts.regenerate.grace}
              labelledBy="grace"
              value={String(grace)}
              options={graces.map((seconds) => ({ value: String(seconds), text: texts.regenerate.graces[seconds] ?? "" }))}
              onChange={(value) => setGrace(Number(value))}
            />
          </div>
        )}
        <Field label={texts.regenerate.expiration} hint={graceHint(token, expired ? undefined : grace)} className="end-field">
          <Select value={end} onChange={(_, { value }) => setEnd(value)}>
            {choices.options.map(({ value, text }) => <option key={value} value={value}>{text}</option>)}
          </Select>
        </Field>
        {hints?.latestValidTo && <p className="hint">{texts.regenerate.limit(longUtcDate(hints.latestValidTo))}</p>}
        <Places token={token} organization={organization} />
        <Refused error={error} />
      </DialogContent>
      <DialogActions fluid>
        <Button ref={harmless} onClick={onCancel} disabled={busy}>{texts.common.cancel}</Button>
        <Button appearance="primary" disabled={busy} onClick={() => { void regenerate(); }}>{texts.regenerate.regenerate}</Button>
      </DialogActions>
    </DialogBody>
  );
}

/** The ends to choose from, within what the organization allows; first choice: as long a life as it was made with. */
function ends(token: Token, hints: Hints | undefined) {
  const latest = hints?.latestValidTo;
  const allowed = [30, 60, 90, 180, 365]
    .map((days) => ({ days, value: utcMidnight(days).toISOString() }))
    .filter(({ value }) => latest === undefined || value <= latest)
    .filter(({ days }) => days <= 90 || days <= (hints?.longestDays ?? 365));
  const options = allowed.map(({ days, value }) => ({ value, text: texts.regenerate.days(days, longUtcDate(value)) }));
  const past = new Date(token.validTo) <= new Date();
  if (!past && (latest === undefined || token.validTo <= latest) && !options.some(({ value }) => value === new Date(token.validTo).toISOString()))
    options.push({ value: token.validTo, text: texts.regenerate.keep(longUtcDate(token.validTo)) });
  if (options.length === 0 && latest !== undefined) options.push({ value: latest, text: longUtcDate(latest) });
  const life = Math.round((Date.parse(token.validTo) - Date.parse(token.validFrom)) / 86_400_000);
  const usual = allowed.findLast(({ days }) => days <= Math.max(30, life)) ?? options[0];
  return { options, usual: usual?.value ?? "" };
}

function graceHint(token: Token, grace: number | undefined): string {
  if (grace === undefined) return texts.regenerate.deadAlready;
  if (grace === 0) return texts.regenerate.atOnce;
  const until = Date.now() + grace * 1000;
  const end = Date.parse(token.validTo);
  return until < end ? texts.regenerate.both(moment(new Date(until))) : texts.regenerate.bothEnd(moment(token.validTo));
}

function Places({ token, organization }: { token: Token; organization: string }) {
  const uses = useUses(organization, token.id);
  if (!uses.data) return uses.error ? <Failed query={uses} /> : <SkeletonRows rows={2} />;
  const { clients } = uses.data;
  if (clients.length === 0) return <p className="hint">{texts.regenerate.noPlaces}</p>;
  const title = texts.regenerate.places(clients.length);
  return (
    <div>
      <h3>{title}</h3>
      <div className="framed"><ClientsTable clients={clients} caption={title} /></div>
    </div>
  );
}
