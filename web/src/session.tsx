// SPDX-License-Identifier: Apache-2.0
import { createContext, useContext } from "react";
import { base } from "./base";
import { queryClient } from "./api/queries";
import { request } from "./api/client";
import type { Session } from "./api/types";
import { usePlace } from "./router";

const SessionContext = createContext<Session | undefined>(undefined);
export const SessionProvider = SessionContext.Provider;

/** Who is signed in. Only below the shell, which has asked already. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs the shell above it");
  return session;
}

/** The organization that the address names. */
export function useOrganization(): string {
  return usePlace().segments[0] ?? "";
}

/** The reader's role in the organization that the address names. */
export function useRole() {
  const name = useOrganization().toLowerCase();
  return useSession().organizations.find((organization) => organization.name.toLowerCase() === name)?.role;
}

/** Ends the sign-in. The page is loaded anew, so nothing that it held is left. */
export async function signOut(): Promise<void> {
  await request("DELETE", "/_session", { confirm: false }).catch(() => undefined);
  queryClient.clear();
  window.location.assign(base + "_signin");
}
