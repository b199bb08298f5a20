// SPDX-License-Identifier: Apache-2.0
// What the outbox could not deliver: of mail, and of an organization's webhook.
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { request } from "./client";
import { queryClient } from "./queries";
import type { UndeliverablePage } from "./types";

export function useUndeliverableAt(path: string, queryKey: string[]) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ signal, pageParam }) =>
      request<UndeliverablePage>("GET", `${path}/undeliverable?top=50${pageParam === undefined ? "" : `&after=${encodeURIComponent(pageParam)}`}`, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
}

/** Sends again: those of the ids, or all. */
export function useRetry(path: string, queryKey: string[]) {
  return useMutation({
    mutationFn: (which: { ids: string[] } | { all: true }) => request("POST", `${path}/retry`, { body: which }),
    onSettled: () => queryClient.invalidateQueries({ queryKey }),
  });
}
