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
import { Go } from "../router";
import { texts } from "../texts";

const t = texts.reset;

/** Where a mailed link for a new password leads: choose one, and be signed in. */
export default function ResetPassword() {
  const { code, number } = useLink();
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<string>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const whose = useQuery({
    queryKey: ["reset link", number],
    enabled: code !== undefined,
    gcTime: 0,
    staleTime: Infinity,
    queryFn: ({ signal }) => request<InvitedUser>("POST", "/_password", { signal, confirm: false, body: { code, check: true } }),
  });

  const send = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = passwordFault(password);
    setFault(wrong);
    setError(undefined);
    if (wrong) return;
    setBusy(true);
    try {
      await request("POST", "/_password", { confirm: false, body: { code, password } });
      window.location.assign(base);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const another = <p><Go className="link" to="/_forgot">{t.another}</Go></p>;

  if (code === undefined) return <Alone title={texts.invitation.lost}><div className="stack"><p>{t.lostWhy}</p>{another}</div></Alone>;
  return (
    <Alone title={t.title} under={whose.data?.email}>
      {whose.error ? <div className="stack"><Failed query={whose} title={texts.invitation.refused} /><p>{t.refusedWhy}</p>{another}</div> : !whose.data ? <SkeletonRows rows={2} /> : (
        <form className="stack" noValidate onSubmit={(event) => { void send(event); }}>
          <p>{t.why}</p>
          <input type="email" autoComplete="username" value={whose.data.email} readOnly hidden />
          <NewPassword label={texts.signIn.newPassword} value={password} fault={fault} autoFocus onChange={setPassword} />
          <p className="hint">{t.tokens}</p>
          <Refused error={error} />
          <Button size="large" appearance="primary" type="submit" disabled={busy}>{t.goOn}</Button>
        </form>
      )}
    </Alone>
  );
}
