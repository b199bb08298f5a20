// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery } from "@tanstack/react-query";
import { request } from "./client";
import { queryClient } from "./queries";
import type { NoticeChoices } from "./types";

const key = ["notice-choices"];
const path = "/_apis/latchkey/notices/choices";
const calendar = "/_apis/latchkey/notices/calendar";
const again = () => queryClient.invalidateQueries({ queryKey: key });

/** What one wants no mail of, and whether there is a calendar's link. */
export function useNoticeChoices() {
  return useQuery({ queryKey: key, queryFn: ({ signal }) => request<NoticeChoices>("GET", path, { signal }) });
}

export function useChooseNotices() {
  return useMutation({
    mutationFn: (chosen: Pick<NoticeChoices, "unwanted" | "weeklyDigest">) => request("PUT", path, { body: chosen }),
    onSettled: again,
  });
}

/** A new link; the one before is good no more. */
export function useMakeCalendarLink() {
  return useMutation({ mutationFn: () => request<{ url: string }>("POST", calendar), onSettled: again });
}

export function useEndCalendarLink() {
  return useMutation({ mutationFn: () => request("DELETE", calendar), onSettled: again });
}
