// SPDX-License-Identifier: Apache-2.0
import { Button, Field, Input } from "@fluentui/react-components";
import { useRef, useState, type FormEvent } from "react";
import { Failure, request } from "../api/client";
import { useReset } from "../api/reset";
import type { Session } from "../api/types";
import { base, serverPath } from "../base";
import { Alone } from "../parts/Alone";
import { NewPassword, passwordFault } from "../parts/NewPassword";
import { PasswordInput } from "../parts/PasswordInput";
import { Refused } from "../parts/states";
import { Go, usePlace } from "../router";
import { texts } from "../texts";

type Fault = Partial<Record<"user" | "password" | "newPassword", string>>;

export default function SignIn() {
  const { search } = usePlace();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  // undefined until the server says that the first password, which somebody else made, must be replaced.
  const [newPassword, setNewPassword] = useState<string>();
  const [fault, setFault] = useState<Fault>({});
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const first = newPassword !== undefined;
  const byMail = useReset().data?.byMail;

  const send = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = check(user, password, newPassword);
    setFault(wrong);
    setError(undefined);
    if (Object.keys(wrong).length > 0) return focusFault();
    setBusy(true);
    try {
      await request<Session>("POST", "/_session", { confirm: false, body: { user: user.trim(), password, ...(first && { newPassword }) } });
      // A page of its own, so that nothing of this one, the password least of all, stays in memory.
      window.location.assign(destination(search.get("to")));
    } catch (failure) {
      setBusy(false);
      if (failure instanceof Failure && failure.kind === "NewPasswordRequiredException") setNewPassword("");
      else if (failure instanceof Failure && failure.status === 401) {
        setFault({ password: texts.signIn.wrong });
        focusFault();
      } else setError(failure);
    }
  };
  const focusFault = () => requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());

  return (
    <Alone
      title={first ? texts.signIn.first : texts.signIn.heading}
      tab={texts.signIn.title}
      under={first ? user : window.location.host}
      foot={first ? undefined : texts.signIn.forGit}
    >
      <form ref={form} className="stack" noValidate onSubmit={(event) => { void send(event); }}>
        {first ? (
          <>
            <p>{texts.signIn.firstWhy}</p>
            <input type="email" autoComplete="username" value={user} readOnly hidden />
            <NewPassword label={texts.signIn.newPassword} value={newPassword} fault={fault.newPassword} autoFocus onChange={setNewPassword} />
          </>
        ) : (
          <>
            <Field label={texts.signIn.email} validationMessage={fault.user}>
              <Input size="large" type="email" autoComplete="username" autoFocus value={user} onChange={(_, { value }) => setUser(value)} />
            </Field>
            <Field label={texts.signIn.password} validationMessage={fault.password}>
              <PasswordInput size="large" autoComplete="current-password" value={password} onChange={setPassword} />
            </Field>
          </>
        )}
        <Refused error={error} />
        <Button size="large" appearance="primary" type="submit" disabled={busy}>{first ? texts.signIn.goOn : texts.signIn.signIn}</Button>
        {!first && (byMail ? <p><Go className="link" to="/_forgot">{texts.forgot.link}</Go></p> : <p className="hint">{texts.signIn.forgot}</p>)}
      </form>
    </Alone>
  );
}

function check(user: string, password: string, newPassword: string | undefined): Fault {
  if (newPassword !== undefined) {
    const wrong = newPassword === password ? texts.signIn.newSame : passwordFault(newPassword);
    return wrong ? { newPassword: wrong } : {};
  }
  return {
    ...(user.trim() === "" && { user: texts.signIn.emailMissing }),
    ...(password === "" && { password: texts.signIn.passwordMissing }),
  };
}

/** Where to go after the sign-in: a page of this server below its base, whatever the address asks for. */
function destination(to: string | null): string {
  if (!to?.startsWith("/")) return base;
  const wanted = new URL(to.startsWith(base) ? to : serverPath(to), window.location.origin);
  const ours = wanted.origin === window.location.origin && wanted.pathname.startsWith(base) && !wanted.pathname.startsWith("//");
  return ours ? wanted.pathname + wanted.search : base;
}
