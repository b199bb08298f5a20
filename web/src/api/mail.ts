// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery } from "@tanstack/react-query";
import { request } from "./client";
import { queryClient } from "./queries";
import type { MailSettings, MailSettingsToSet, MailState, MailTested } from "./types";
import { useRetry, useUndeliverableAt } from "./undeliverable";

const path = "/_apis/latchkey/mail";
const again = () => queryClient.invalidateQueries({ queryKey: ["mail"] });

/** What waits and why, asked for again while it is looked at. */
export function useMail() {
  return useQuery({ queryKey: ["mail", "state"], queryFn: ({ signal }) => request<MailState>("GET", path, { signal }), refetchInterval: 10_000 });
}

export const useUndeliverable = () => useUndeliverableAt(path, ["mail", "undeliverable"]);
export const useRetryMail = () => useRetry(path, ["mail"]);

/** To oneself; answers with what the mail server said. */
export function useTestMail() {
  return useMutation({ mutationFn: () => request<MailTested>("POST", `${path}/test`, { body: {} }), onSettled: again });
}

export function useMailSettings() {
  return useQuery({ queryKey: ["mail", "settings"], queryFn: ({ signal }) => request<MailSettings>("GET", `${path}/settings`, { signal }), refetchOnWindowFocus: false });
}

export async function saveMailSettings(settings: MailSettingsToSet): Promise<MailSettings> {
  const saved = await request<MailSettings>("PUT", `${path}/settings`, { body: settings });
  await again();
  return saved;
}

/** No mail is sent from then on; what is queued stays so. */
export async function forgetMailSettings(): Promise<void> {
  await request("DELETE", `${path}/settings`);
  await again();
}
