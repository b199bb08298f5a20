// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { texts } from "../texts";
import { Failure, request } from "./client";
import { own } from "./queries";
import type { HistoryPage, PatResult, TokenDetails, Uses } from "./types";

export function useToken(organization: string, id: string) {
  return useQuery({
    queryKey: ["tokens", organization, "one", id],
    queryFn: ({ signal }) => request<TokenDetails>("GET", own(organization, `tokens/${encodeURIComponent(id)}`), { signal }),
  });
}

/** What a token was used for in the past 30 days. */
export function useUses(organization: string, id: string) {
  return useQuery({
    queryKey: ["tokens", organization, "one", id, "uses"],
    queryFn: ({ signal }) => request<Uses>("GET", own(organization, `tokens/${encodeURIComponent(id)}/uses?days=30`), { signal }),
  });
}

function historyPage(organization: string, id: string, after: string | undefined, signal?: AbortSignal): Promise<HistoryPage> {
  const query = after === undefined ? "" : `?after=${encodeURIComponent(after)}`;
  return request<HistoryPage>("GET", own(organization, `tokens/${encodeURIComponent(id)}/history${query}`), { signal });
}

/** All that was done to a token, the latest first. */
export async function wholeHistory(organization: string, id: string): Promise<HistoryPage["value"]> {
  const events: HistoryPage["value"] = [];
  let after: string | undefined;
  do {
    const page = await historyPage(organization, id, after);
    events.push(...page.value);
    after = page.next;
  } while (after !== undefined);
  return events;
}

/** What was done to a token, the latest first, page by page. */
export function useHistory(organization: string, id: string) {
  return useInfiniteQuery({
    queryKey: ["tokens", organization, "one", id, "history"],
    queryFn: ({ signal, pageParam }) => historyPage(organization, id, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
}

/** The token of an answer that made or changed one; what Azure DevOps' route refuses with a 200 is a failure too. */
export function issued({ patToken, patTokenError, patTokenErrorMessage }: PatResult): NonNullable<PatResult["patToken"]> {
  if (patToken && patTokenError === "none") return patToken;
  throw new Failure(patTokenErrorMessage || texts.errors.unexpected, 400, patTokenError, undefined, undefined, undefined);
}
