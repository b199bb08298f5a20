// SPDX-License-Identifier: Apache-2.0
import { Button, Field, Input } from "@fluentui/react-components";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { request } from "../api/client";
import { useReset } from "../api/reset";
import { Alone } from "../parts/Alone";
import { Failed, Refused, SkeletonRows } from "../parts/states";
import { Go } from "../router";
import { texts } from "../texts";

const t = texts.forgot;

/** Asks for a link for a new password. The answer is the same whether there is such an account. */
export default function Forgot() {
  const [user, setUser] = useState("");
  const [fault, setFault] = useState<string>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);
  const said = useRef<HTMLParagraphElement>(null);
  const state = useReset();
  // The form is gone, and the focus with it.
  useEffect(() => { if (asked) said.current?.focus(); }, [asked]);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    setFault(user.trim() === "" ? texts.signIn.emailMissing : undefined);
    setError(undefined);
    if (user.trim() === "" || busy) return;
    setBusy(true);
    try {
      await request("POST", "/_forgot", { confirm: false, body: { user: user.trim() } });
      setAsked(true);
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };
  const back = <p><Go className="link" to="/_signin">{t.back}</Go></p>;

  return (
    <Alone title={asked ? t.asked : t.title} under={window.location.host}>
      {asked ? (
        <div className="stack">
          <p ref={said} className="said" tabIndex={-1} role="status">{t.askedWhy}</p>
          <p className="hint">{t.nothing}</p>
          {back}
        </div>
      ) : state.data?.byMail === false ? (
        <div className="stack"><p>{t.off}</p>{back}</div>
      ) : state.error ? <Failed query={state} /> : !state.data ? <SkeletonRows rows={2} /> : (
        <form className="stack" noValidate onSubmit={(event) => { void send(event); }}>
          <p>{t.why}</p>
          <Field label={texts.signIn.email} {...(fault !== undefined && { validationMessage: fault })}>
            <Input size="large" type="email" autoComplete="username" autoFocus value={user} onChange={(_, { value }) => setUser(value)} />
          </Field>
          <Refused error={error} />
          <Button size="large" appearance="primary" type="submit" disabled={busy}>{t.send}</Button>
          {back}
        </form>
      )}
    </Alone>
  );
}
