// SPDX-License-Identifier: Apache-2.0
import {
  Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, MessageBar, MessageBarBody, MessageBarTitle,
} from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { request } from "../api/client";
import { tokensChanged } from "../api/queries";
import { useToken, useUses } from "../api/tokens";
import type { Client, Token } from "../api/types";
import { Failed, Refused, SkeletonRows } from "../parts/states";
import { useFocusBack } from "../parts/useFocusBack";
import { leavePanel, navigate, usePlace } from "../router";
import { useOrganization } from "../session";
import { texts } from "../texts";
import { ClientsTable } from "./token/ClientsTable";
import { TokenLine } from "./token/TokenLine";
import "./token/detail.css";
import "../parts/act.css";
import "./token/dialogs.css";

const day = 86_400_000;

/** Says what will stop, and offers a new secret instead, before a token is revoked for good. */
export default function Revoke() {
  useFocusBack();
  const organization = useOrganization();
  const { segments, behind } = usePlace();
  const id = segments[3] ?? "";
  const list = `/${encodeURIComponent(organization)}/_usersSettings/tokens`;
  const token = useToken(organization, id);
  const close = () => leavePanel(list);
  const revoke = useMutation({
    mutationFn: () => request("DELETE", `/${encodeURIComponent(organization)}/_apis/tokens/pats?authorizationId=${encodeURIComponent(id)}&api-version=7.1-preview.1`),
    onSuccess: async () => {
      await tokensChanged();
      close();
    },
  });
  const ended = token.data?.status === "revoked" && !revoke.isPending;

  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => { if (!open) close(); }}>
      <DialogSurface className="token-dialog">
        <DialogBody>
          <DialogTitle>{texts.revoke.title}</DialogTitle>
          <DialogContent className="stack">
            {token.data && <TokenLine token={token.data} />}
            {token.error ? <Failed query={token} /> : !token.data && <SkeletonRows rows={2} />}
            {ended ? <p>{texts.revoke.already}</p> : token.data && <WhatStops token={token.data} organization={organization} />}
            {!ended && <p className="quiet">{texts.revoke.instead}</p>}
            <Refused error={revoke.error} />
          </DialogContent>
          {/* The harmless button first: it gets the focus. */}
          <DialogActions fluid className="three">
            <Button onClick={close} disabled={revoke.isPending}>{ended ? texts.common.close : texts.revoke.keep}</Button>
            {!ended && (
              <>
                <Button disabled={revoke.isPending} onClick={() => navigate(`${list}/${id}/regenerate`, { replace: true, ...(behind !== undefined && { behind }) })}>
                  {texts.revoke.regenerate}
                </Button>
                <Button className="danger" appearance="primary" disabled={revoke.isPending || !token.data} onClick={() => revoke.mutate()}>{texts.revoke.revoke}</Button>
              </>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function WhatStops({ token, organization }: { token: Token; organization: string }) {
  const uses = useUses(organization, token.id);
  if (!uses.data) return uses.error ? <Failed query={uses} /> : <SkeletonRows rows={2} />;
  const clients = uses.data.clients.filter(({ accepted }) => accepted > 0);
  const lately = clients.filter(recent).length;
  return (
    <>
      {lately > 0 ? (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody><MessageBarTitle>{texts.revoke.now}</MessageBarTitle> {texts.revoke.nowWhy(lately)}</MessageBarBody>
        </MessageBar>
      ) : (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            {clients.length > 0 && <MessageBarTitle>{texts.revoke.quiet}</MessageBarTitle>}{" "}
            {clients.length > 0 ? texts.revoke.quietWhy : texts.revoke.never}
          </MessageBarBody>
        </MessageBar>
      )}
      {clients.length > 0 && (
        <div>
          <h3>{texts.revoke.stops}</h3>
          <div className="framed"><ClientsTable clients={clients} caption={texts.revoke.stops} /></div>
        </div>
      )}
    </>
  );
}

function recent({ lastUsed }: Client): boolean {
  return Date.now() - Date.parse(lastUsed) < day;
}
