// SPDX-License-Identifier: Apache-2.0
import { Checkbox, Field, Input, Radio, RadioGroup, Select } from "@fluentui/react-components";
import { useState } from "react";
import { createUser, useOrganizations, type Invitation } from "../../api/people";
import type { Role } from "../../api/types";
import { ActDialog } from "../../parts/ActDialog";
import { PasswordInput } from "../../parts/PasswordInput";
import { texts } from "../../texts";
import { RoleSelect } from "./RoleSelect";

const t = texts.users;
const shortest = 12;

interface Props {
  /** The organization that one is in: the first proposal. */
  organization: string;
  onInvited: (name: string, invitation: Invitation) => void;
  onClose: () => void;
}

/** Makes an account: with a link by which its owner chooses a password, or with a first password. */
export function NewUser({ organization: current, onInvited, onClose }: Props) {
  const organizations = useOrganizations();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [way, setWay] = useState<"invite" | "password">("invite");
  const [password, setPassword] = useState("");
  const [organization, setOrganization] = useState(current);
  const [role, setRole] = useState<Role>("contributor");
  const [administrator, setAdministrator] = useState(false);
  const ready = /^\S+@\S+$/.test(email.trim()) && name.trim() !== "" && (way === "invite" || password.length >= shortest);

  const perform = async () => {
    const made = await createUser({
      email: email.trim(),
      displayName: name.trim(),
      ...(way === "password" && { password }),
      ...(organization !== "" && { organization, role }),
      ...(administrator && { serverAdministrator: true }),
    });
    if (made.invitation) onInvited(made.displayName, made.invitation);
  };
  return (
    <ActDialog title={t.createTitle} act={way === "invite" ? t.createInvite : t.create} ready={ready} perform={perform} onClose={onClose}>
      <Field label={t.email} required>
        <Input type="email" value={email} autoComplete="off" onChange={(_, { value }) => setEmail(value)} />
      </Field>
      <Field label={t.displayName} required>
        <Input value={name} autoComplete="off" maxLength={100} onChange={(_, { value }) => setName(value)} />
      </Field>
      <Field label={t.how} hint={way === "invite" ? t.inviteHint : t.passwordHint}>
        <RadioGroup value={way} onChange={(_, { value }) => setWay(value === "password" ? "password" : "invite")}>
          <Radio value="invite" label={t.invite} />
          <Radio value="password" label={t.password} />
        </RadioGroup>
      </Field>
      {way === "password" && (
        <Field label={texts.signIn.password} required {...(password !== "" && password.length < shortest && { validationMessage: t.passwordShort })}>
          <PasswordInput value={password} onChange={setPassword} autoComplete="new-password" />
        </Field>
      )}
      <div className="two-fields">
        <Field label={t.organization}>
          <Select value={organization} onChange={(_, { value }) => setOrganization(value)}>
            {(organizations.data ?? [{ id: current, name: current }]).map(({ id, name: known }) => <option key={id} value={known}>{known}</option>)}
            <option value="">{t.noOrganization}</option>
          </Select>
        </Field>
        {organization !== "" && <Field label={t.role} hint={texts.members.roleHints[role]}><RoleSelect role={role} onChange={setRole} /></Field>}
      </div>
      <Checkbox label={t.administrator} checked={administrator} onChange={(_, { checked }) => setAdministrator(checked === true)} />
    </ActDialog>
  );
}
