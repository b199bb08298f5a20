// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { request } from "./client";
import { auditing, latchkey, type Of, type Schemas } from "./governed";
import { query } from "./people";
import type { List } from "./types";

/** `data` is what the act was about; the description cannot say more of it. */
export type AuditEntry = Omit<Schemas["AuditEntry"], "data"> & { data: Record<string, unknown> };
type AuditPage = Omit<Schemas["AuditLog"], "decoratedAuditLogEntries"> & { decoratedAuditLogEntries: AuditEntry[] };
export type Activity = Schemas["AuditActivity"];

export interface AuditFilter { startTime?: string; endTime?: string; actor?: string; area?: string; category?: string; q?: string }

export const auditLength = 200;

export function useAuditLog(of: Of, filter: AuditFilter, after: string | undefined) {
  const search = query({ ...filter, batchSize: String(auditLength), continuationToken: after, "api-version": "7.2-preview.1" });
  return useQuery({
    queryKey: ["audit", of ?? "", "log", search],
    queryFn: ({ signal }) => request<AuditPage>("GET", auditing(of, "auditlog" + search), { signal, patience: 30_000 }),
    placeholderData: keepPreviousData,
  });
}

/** How many entries there were in each part of a time. */
export function useActivity(of: Of, filter: AuditFilter, buckets: number) {
  const search = query({ ...filter, buckets: String(buckets) });
  return useQuery({
    queryKey: ["audit", of ?? "", "activity", search],
    queryFn: ({ signal }) => request<Activity>("GET", latchkey(of, "audit/activity" + search), { signal, patience: 30_000 }),
    placeholderData: keepPreviousData,
  });
}

/** Up to where the server found the log's chain unbroken. */
export function useAuditCheck(of: Of) {
  return useQuery({
    queryKey: ["audit", of ?? "", "check"],
    queryFn: ({ signal }) => request<Schemas["AuditCheck"]>("GET", latchkey(of, "audit/check"), { signal }),
    // The first look takes a while where the log is long.
    refetchInterval: ({ state }) => (state.data && !state.data.checkedAt && !state.data.broken ? 5_000 : false),
  });
}

/** The areas that there are acts of. */
export function useAreas(of: Of) {
  return useQuery({
    queryKey: ["audit", of ?? "", "actions"],
    queryFn: async ({ signal }) => {
      const { value } = await request<List<{ area: string }>>("GET", auditing(of, "actions"), { signal });
      return [...new Set(value.map(({ area }) => area))].sort();
    },
    staleTime: 10 * 60_000,
  });
}

export function downloadPath(of: Of, filter: AuditFilter, format: "csv" | "json"): string {
  return auditing(of, "downloadlog" + query({ ...filter, format, "api-version": "7.2-preview.1" }));
}
