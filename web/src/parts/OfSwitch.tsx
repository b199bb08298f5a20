// SPDX-License-Identifier: Apache-2.0
import { Select } from "@fluentui/react-components";
import { usePlace, navigate } from "../router";
import { useOrganization, useSession } from "../session";
import type { Of } from "../api/governed";
import { governance } from "../texts.governance";

const t = governance.inventory;

/** Whether the page is about the organization, or about all of the server: `of=server` in the address. */
export function useOf(): Of {
  const organization = useOrganization();
  const { serverAdministrator } = useSession().user;
  return usePlace().search.get("of") === "server" && serverAdministrator ? undefined : organization;
}

/** Only for administrators of the server: others have no choice. */
export function OfSwitch({ label }: { label: string }) {
  const of = useOf();
  const organization = useOrganization();
  const { path } = usePlace();
  const { serverAdministrator } = useSession().user;
  if (!serverAdministrator) return null;
  return (
    <Select aria-label={label} value={of === undefined ? "server" : ""} onChange={(_, { value }) => navigate(value ? `${path}?of=server` : path)}>
      <option value="">{t.ofOrganization(organization)}</option>
      <option value="server">{t.ofServer}</option>
    </Select>
  );
}
