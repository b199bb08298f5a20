// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { request } from "./client";
import { auditing, type Of, type Schemas } from "./governed";
import { queryClient } from "./queries";
import type { List } from "./types";

/** Secrets come back as asterisks; sent back so, they stay. */
export type Stream = Schemas["AuditStream"];
export type StreamKind = Stream["consumerType"];
type StreamBody = Schemas["AuditStreamRequest"];

/** Asked for again while the page is looked at: health is about now. */
export function useStreams(of: Of, enabled = true) {
  return useQuery({
    queryKey: ["streams", of ?? ""],
    queryFn: async ({ signal }) => (await request<List<Stream>>("GET", auditing(of, "streams"), { signal })).value,
    refetchInterval: 15_000,
    enabled,
  });
}

async function change(method: "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<void> {
  await request(method, path, { ...(body && { body }) });
  await queryClient.invalidateQueries({ queryKey: ["streams"] });
}

export const createStream = (of: Of, body: StreamBody, backfill: number) => change("POST", auditing(of, `streams?daysToBackfill=${backfill}`), body);
export const editStream = (of: Of, stream: Schemas["AuditStreamEdit"]) => change("PUT", auditing(of, "streams"), stream);
export const setStreamStatus = (of: Of, id: string, status: "enabled" | "disabledByUser") => change("PUT", auditing(of, `streams/${id}?status=${status}`));
export const deleteStream = (of: Of, id: string) => change("DELETE", auditing(of, `streams/${id}`));
