// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { request } from "./client";
import { latchkey, type Of, type Schemas } from "./governed";
import { query } from "./people";
import { own, queryClient } from "./queries";
import type { List } from "./types";

export type InventoryToken = Schemas["InventoryEntry"];

/** The names are those of the query. */
export interface InventoryFilter {
  owner?: string;
  scope?: string;
  full?: string;
  allOrganizations?: string;
  neverUsed?: string;
  expiringWithin?: string;
  status?: string;
  madeBy?: string;
  q?: string;
}

export interface InventoryView extends InventoryFilter { descending?: string; after?: string }
export type InventoryPage = Schemas["InventoryPage"];
export type Figures = Schemas["InventoryFigures"];
export type RevocationJob = Schemas["RevocationJob"];

export const inventoryLength = 50;

export function useInventory(of: Of, view: InventoryView) {
  const search = query({ ...view, top: String(inventoryLength) });
  return useQuery({
    queryKey: ["inventory", of ?? "", "list", search],
    queryFn: ({ signal }) => request<InventoryPage>("GET", latchkey(of, "inventory" + search), { signal }),
    placeholderData: keepPreviousData,
  });
}

export function useFigures(of: Of, enabled = true) {
  return useQuery({
    queryKey: ["inventory", of ?? "", "figures"],
    queryFn: ({ signal }) => request<Figures>("GET", latchkey(of, "inventory/figures"), { signal }),
    staleTime: 60_000,
    enabled,
  });
}

export function csvPath(of: Of, filter: InventoryFilter): string {
  return latchkey(of, "inventory" + query({ ...filter, format: "csv" }));
}

/** Whose a found token is. What was found goes in the body, and is kept nowhere here. */
export function findToken(of: Of, what: { token: string } | { fingerprint: string }): Promise<InventoryToken> {
  return request<InventoryToken>("POST", latchkey(of, "inventory/find"), { body: what });
}

function changed(): Promise<void> {
  return queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "inventory" || queryKey[0] === "tokens" });
}

/** The filter as a rule for what is revoked: only what is live can be. */
function matchOf({ owner, scope, full, allOrganizations, neverUsed, expiringWithin, status, madeBy, q }: InventoryFilter): Schemas["RevocationRequest"]["match"] {
  return {
    ...(owner && { owner }),
    ...(scope && { scope }),
    ...(full && { full: full === "true" }),
    ...(allOrganizations && { allOrganizations: allOrganizations === "true" }),
    ...(neverUsed && { neverUsed: neverUsed === "true" }),
    ...(expiringWithin && { expiringWithin: Number(expiringWithin) }),
    ...(madeBy && { madeBy }),
    ...(q && { q }),
    status: status === "expiresSoon" ? "expiresSoon" : "live",
  };
}

/** Begins to revoke: the tokens of these ids, or all that match. It goes on in the background. */
export async function revoke(of: Of, what: { ids: string[] } | { match: InventoryFilter }, reason: string): Promise<RevocationJob> {
  const which: Schemas["RevocationRequest"] = "ids" in what ? what : { match: matchOf(what.match) };
  const job = await request<RevocationJob>("POST", latchkey(of, "revocations"), { body: { ...which, ...(reason && { reason }) }, patience: 30_000 });
  await changed();
  return job;
}

/** Revocations that run or ran; asked for twice a second while one runs. */
export function useRevocations(of: Of) {
  return useQuery({
    queryKey: ["inventory", of ?? "", "revocations"],
    queryFn: async ({ signal }) => (await request<List<RevocationJob>>("GET", latchkey(of, "revocations"), { signal })).value,
    refetchInterval: ({ state }) => (state.data?.some((job) => job.state === "running") ? 500 : false),
  });
}

/** Refuses an all-organizations token in this organization, or accepts it again. */
export async function setBanned(organization: string, id: string, banned: boolean): Promise<void> {
  await request(banned ? "PUT" : "DELETE", own(organization, `bans/${encodeURIComponent(id)}`));
  await changed();
}
