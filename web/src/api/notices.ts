// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { request } from "./client";
import { queryClient } from "./queries";
import type { NoticePage } from "./types";

/** The newest few, and how many are unread; asked for again each minute while the page is looked at. */
export function useNewestNotices() {
  return useQuery({
    queryKey: ["notices", "newest"],
    queryFn: ({ signal }) => request<NoticePage>("GET", "/_apis/latchkey/notices?top=5", { signal, confirm: false }),
    refetchInterval: 60_000,
    refetchIntervalInBackground: false,
  });
}

export function useAllNotices() {
  return useInfiniteQuery({
    queryKey: ["notices", "all"],
    queryFn: ({ signal, pageParam }) =>
      request<NoticePage>("GET", `/_apis/latchkey/notices?top=50${pageParam === undefined ? "" : `&after=${encodeURIComponent(pageParam)}`}`, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
}

/** Marks notices as read: those of the ids, or all. */
export function useReadNotices() {
  return useMutation({
    mutationFn: (which: { ids: string[] } | { all: true }) => request("POST", "/_apis/latchkey/notices/read", { body: which }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["notices"] }),
  });
}
