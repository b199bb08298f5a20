// SPDX-License-Identifier: Apache-2.0
import {
  Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field,
} from "@fluentui/react-components";
import { useState, type FormEvent } from "react";
import { keepSession, queryClient, sessionKey } from "../api/queries";
import { request } from "../api/client";
import type { Session } from "../api/types";
import { useAsking } from "../confirm";
import { texts } from "../texts";
import { PasswordInput } from "./PasswordInput";
import { Refused } from "./states";
import { useFocusBack } from "./useFocusBack";

/** Asks for the password in place, over whatever is open: nothing that was typed there is lost. */
export default function ConfirmDialog() {
  useFocusBack();
  const asking = useAsking();
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const email = queryClient.getQueryData<Session>(sessionKey)?.user.email ?? "";
  if (!asking) return null;

  const answer = (confirmed: boolean) => {
    setPassword("");
    setError(undefined);
    asking.answer(confirmed);
  };
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const session = await request<Session>("POST", "/_session", { body: { user: email, password }, confirm: false });
      keepSession(session);
      answer(true);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog open modalType="modal" onOpenChange={(_, { open }) => { if (!open && !busy) answer(false); }}>
      <DialogSurface className="confirm">
        <form onSubmit={(event) => { void confirm(event); }}>
          <DialogBody>
            <DialogTitle>{texts.confirm.title}</DialogTitle>
            <DialogContent className="stack">
              <p>{texts.confirm[asking.reason]}</p>
              <input type="email" autoComplete="username" value={email} readOnly hidden />
              <Field label={texts.signIn.password} hint={texts.confirm.as(email)}>
                <PasswordInput value={password} onChange={setPassword} autoComplete="current-password" autoFocus />
              </Field>
              <Refused error={error} />
            </DialogContent>
            <DialogActions>
              <Button onClick={() => answer(false)} disabled={busy}>{texts.common.cancel}</Button>
              <Button type="submit" appearance="primary" disabled={busy || password === ""}>{texts.confirm.confirm}</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
