// SPDX-License-Identifier: Apache-2.0
import { Button, Field, MessageBar, MessageBarBody } from "@fluentui/react-components";
import { useState, type FormEvent } from "react";
import { Failure, request } from "../../api/client";
import { keepSession } from "../../api/queries";
import type { Session } from "../../api/types";
import { NewPassword, passwordFault } from "../../parts/NewPassword";
import { PasswordInput } from "../../parts/PasswordInput";
import { Refused } from "../../parts/states";
import { useSession } from "../../session";
import { texts } from "../../texts";

/** Changes the password, which ends every other sign-in. */
export function PasswordCard({ onChanged }: { onChanged: () => void }) {
  const { user } = useSession();
  const [password, setPassword] = useState("");
  const [newPassword, setNewPassword] = useState("");
  const [fault, setFault] = useState<{ password?: string; newPassword?: string }>({});
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [changed, setChanged] = useState(false);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = passwordFault(newPassword);
    setFault({ ...(password === "" && { password: texts.signIn.passwordMissing }), ...(wrong && { newPassword: wrong }) });
    setError(undefined);
    setChanged(false);
    if (password === "" || wrong) return;
    setBusy(true);
    try {
      keepSession(await request<Session>("POST", "/_apis/latchkey/password", { body: { password, newPassword }, confirm: false }));
      setPassword("");
      setNewPassword("");
      setChanged(true);
      onChanged();
    } catch (failure) {
      const field = failure instanceof Failure ? failure.field : undefined;
      if (field === "password") setFault({ password: texts.sessions.wrong });
      else if (failure instanceof Failure && field === "newPassword") setFault({ newPassword: failure.message });
      else setError(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <section className="card sessions">
      <header><h2>{texts.sessions.password}</h2></header>
      <form className="stack password-form" noValidate onSubmit={(event) => { void send(event); }}>
        <p>{texts.sessions.passwordWhy}</p>
        <input type="email" autoComplete="username" value={user.email} readOnly hidden />
        <Field label={texts.sessions.current} required validationMessage={fault.password}>
          <PasswordInput value={password} onChange={setPassword} autoComplete="current-password" />
        </Field>
        <NewPassword label={texts.signIn.newPassword} value={newPassword} fault={fault.newPassword} onChange={setNewPassword} />
        <Refused error={error} />
        {changed && <MessageBar intent="success"><MessageBarBody>{texts.sessions.changed}</MessageBarBody></MessageBar>}
        <div><Button appearance="primary" type="submit" disabled={busy}>{texts.sessions.change}</Button></div>
      </form>
    </section>
  );
}
