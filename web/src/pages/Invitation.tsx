// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { request } from "../api/client";
import type { InvitedUser } from "../api/types";
import { base } from "../base";
import { useLink } from "../fragment";
import { Alone } from "../parts/Alone";
import { NewPassword, passwordFault } from "../parts/NewPassword";
import { Failed, Refused, SkeletonRows } from "../parts/states";
import { texts } from "../texts";

/** Where an invitation's link leads, and one for a new password: choose a password, and be signed in. */
export default function Invitation() {
  const { code, number } = useLink();
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<string>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const invited = useQuery({
    queryKey: ["invitation", number],
    enabled: code !== undefined,
    gcTime: 0,
    staleTime: Infinity,
    queryFn: ({ signal }) => request<InvitedUser>("POST", "/_invitation", { signal, confirm: false, body: { code, check: true } }),
  });

  const send = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = passwordFault(password);
    setFault(wrong);
    setError(undefined);
    if (wrong) return;
    setBusy(true);
    try {
      await request("POST", "/_invitation", { confirm: false, body: { code, password } });
      window.location.assign(base);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  if (code === undefined) return <Alone title={texts.invitation.lost}><p>{texts.invitation.lostWhy}</p></Alone>;
  return (
    <Alone title={invited.data ? texts.invitation.welcome(invited.data.displayName) : texts.invitation.title} tab={texts.invitation.title} under={invited.data?.email}>
      {invited.error ? <><Failed query={invited} title={texts.invitation.refused} /><p>{texts.invitation.refusedWhy}</p></> : !invited.data ? <SkeletonRows rows={2} /> : (
        <form className="stack" noValidate onSubmit={(event) => { void send(event); }}>
          <p>{texts.invitation.why}</p>
          <input type="email" autoComplete="username" value={invited.data.email} readOnly hidden />
          <NewPassword label={texts.signIn.password} value={password} fault={fault} autoFocus onChange={setPassword} />
          <Refused error={error} />
          <Button size="large" appearance="primary" type="submit" disabled={busy}>{texts.invitation.goOn}</Button>
        </form>
      )}
    </Alone>
  );
}
