// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { request } from "./client";
import { latchkey, type Of, type Schemas } from "./governed";
import { query } from "./people";
import { queryClient } from "./queries";
import type { List } from "./types";

export type Policy = Schemas["Policy"];
export type Stage = Policy["stages"][number];
export type StageDates = Partial<Record<`${Stage}From`, string>>;
export type PolicyBody = Schemas["PolicyRequest"];
export type PolicyValue = NonNullable<Policy["value"]>;
export type DryRun = Schemas["PolicyDryRun"];
export type Touched = DryRun["value"][number];

/** All policies of an organization or of the server, also those that are off. */
export function usePolicies(of: Of, enabled = true) {
  return useQuery({
    queryKey: ["policies", of ?? ""],
    queryFn: async ({ signal }) => (await request<List<Policy>>("GET", latchkey(of, "policies"), { signal })).value,
    enabled,
  });
}

const one = (of: Of, name: string, rest = "") => latchkey(of, `policies/${encodeURIComponent(name)}${rest}`);

async function change(method: "PUT" | "DELETE", of: Of, name: string, body?: PolicyBody): Promise<Policy> {
  const policy = await request<Policy>(method, one(of, name), { patience: 30_000, ...(body && { body }) });
  // Not the dry runs: what a rule would touch does not depend on what is saved, and one that was saved away may name what is gone.
  await queryClient.invalidateQueries({
    predicate: ({ queryKey }) => (queryKey[0] === "policies" && queryKey[3] !== dryRunKey) || queryKey[0] === "hints" || queryKey[0] === "inventory",
  });
  return policy;
}

export const savePolicy = (of: Of, name: string, body: PolicyBody) => change("PUT", of, name, body);
export const endPolicy = (of: Of, name: string) => change("DELETE", of, name);

const few = 4;
const dryRunKey = "dryRun";

export function dryRun(of: Of, name: string, body: PolicyBody, page: { top: number; after?: string | undefined }, signal?: AbortSignal) {
  return request<DryRun>("POST", one(of, name, "/dryRun") + query({ top: String(page.top), after: page.after }), { body, signal, patience: 60_000 });
}

/** What a policy would touch: a few rows first, the rest when they are asked for. */
export function useDryRun(of: Of, name: string, body: PolicyBody | undefined) {
  return useInfiniteQuery({
    queryKey: ["policies", of ?? "", name, dryRunKey, body],
    queryFn: ({ signal, pageParam }) => dryRun(of, name, body as PolicyBody, { top: pageParam === undefined ? few : 200, after: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    // What was there stays while the next is counted; another policy's does not.
    placeholderData: (previous, last) => (last?.queryKey[2] === name ? previous : undefined),
    enabled: body !== undefined,
    staleTime: 60_000,
  });
}
