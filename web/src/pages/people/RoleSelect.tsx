// SPDX-License-Identifier: Apache-2.0
import { Select } from "@fluentui/react-components";
import type { Role } from "../../api/types";
import { texts } from "../../texts";

const roles: Role[] = ["reader", "contributor", "administrator"];

/** Within a Field it has the field's label; else `label` names it. */
export function RoleSelect({ role, label, disabled = false, onChange }: { role: Role; label?: string; disabled?: boolean; onChange: (role: Role) => void }) {
  return (
    <Select {...(label !== undefined && { "aria-label": label })} value={role} disabled={disabled} onChange={(_, { value }) => onChange(roles.find((known) => known === value) ?? role)}>
      {roles.map((value) => <option key={value} value={value}>{texts.members.roles[value]}</option>)}
    </Select>
  );
}
