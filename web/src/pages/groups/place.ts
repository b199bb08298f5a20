// SPDX-License-Identifier: Apache-2.0
import type { Of } from "../../api/governed";
import { usePlace } from "../../router";

/** Whose groups the address shows: the organization's, or the server's below its users. */
export function useGroupsPlace(): { of: Of; organization: string; home: string; id: string | undefined } {
  const { segments } = usePlace();
  const organization = segments[0] ?? "";
  const ofServer = segments[2] === "users";
  const settings = `/${encodeURIComponent(organization)}/_settings`;
  return {
    of: ofServer ? undefined : organization,
    organization,
    home: ofServer ? `${settings}/users/groups` : `${settings}/groups`,
    id: segments[ofServer ? 4 : 3],
  };
}
