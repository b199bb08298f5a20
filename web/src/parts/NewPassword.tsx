// SPDX-License-Identifier: Apache-2.0
import { Field } from "@fluentui/react-components";
import { texts } from "../texts";
import { PasswordInput } from "./PasswordInput";

interface Props { label: string; value: string; fault: string | undefined; autoFocus?: boolean; onChange: (value: string) => void }

/** A password that is being chosen. */
export function NewPassword({ label, value, fault, autoFocus = false, onChange }: Props) {
  return (
    <Field label={label} required hint={fault ? undefined : texts.signIn.newHint} validationMessage={fault}>
      <PasswordInput value={value} onChange={onChange} autoComplete="new-password" maxLength={200} autoFocus={autoFocus} />
    </Field>
  );
}

/** Why a password cannot be taken, before the server is asked. */
export function passwordFault(password: string): string | undefined {
  return Array.from(password).length < 12 ? texts.signIn.newShort : undefined;
}
