// SPDX-License-Identifier: Apache-2.0
import { QueryClient, useQuery } from "@tanstack/react-query";
import { noteStrongUntil } from "../confirm";
import { request } from "./client";
import type { Hints, ScopeGroup, Session } from "./types";

// Retries are the page's own: it says why, counts down, and lets the reader try at once (parts/states.tsx).
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: false, staleTime: 10_000, networkMode: "always" },
    mutations: { retry: false, gcTime: 0, networkMode: "always" },
  },
});

/** A path of an organization's own area of the API: `own("halden", "tokens")`. */
export function own(organization: string, rest: string): string {
  return `/${encodeURIComponent(organization)}/_apis/latchkey/${rest}`;
}

export const sessionKey = ["session"] as const;

export async function loadSession(signal?: AbortSignal): Promise<Session> {
  const session = await request<Session>("GET", "/_session", { signal, confirm: false });
  noteStrongUntil(session.strongUntil);
  return session;
}

/** After signing in anew: what the server says of it now. */
export function keepSession(session: Session): void {
  noteStrongUntil(session.strongUntil);
  queryClient.setQueryData(sessionKey, session);
}

export function useHints(organization: string) {
  return useQuery({
    queryKey: ["hints", organization],
    queryFn: ({ signal }) => request<Hints>("GET", own(organization, "hints"), { signal }),
  });
}

/** The catalogue of scopes; it changes only with the server's version or its settings. */
export function useScopes(organization: string) {
  return useQuery({
    queryKey: ["scopes", organization],
    queryFn: async ({ signal }) => (await request<{ value: ScopeGroup[] }>("GET", own(organization, "scopes"), { signal })).value,
    staleTime: 10 * 60_000,
  });
}

/** Fetches again whatever shows tokens: after one was made, changed or ended. */
export function tokensChanged(): Promise<void> {
  return queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "tokens" || queryKey[0] === "notices" });
}
