// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { request } from "./client";
import type { ResetState } from "./types";

/** Whether a link for a new password can be had by mail. */
export function useReset() {
  return useQuery({ queryKey: ["reset"], queryFn: ({ signal }) => request<ResetState>("GET", "/_apis/latchkey/password-reset", { signal, confirm: false }) });
}
