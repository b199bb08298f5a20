// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery } from "@tanstack/react-query";
import { useOrganization } from "../session";
import { request } from "./client";
import { queryClient } from "./queries";
import type { NoticeWebhook, NoticeWebhookTested, OrganizationNotices } from "./types";
import { useRetry, useUndeliverableAt } from "./undeliverable";

export type WebhookFormat = NoticeWebhook["format"];

const pathOf = (organization: string) => `/${encodeURIComponent(organization)}/_apis/latchkey/notices`;
const keyOf = (organization: string) => ["organizationNotices", organization];

/** Where notices go, and how the webhook is doing, asked for again while it is looked at. */
export function useOrganizationNotices() {
  const organization = useOrganization();
  return useQuery({
    queryKey: [...keyOf(organization), "state"],
    queryFn: ({ signal }) => request<OrganizationNotices>("GET", pathOf(organization), { signal }),
    refetchInterval: 10_000,
  });
}

/** What can be changed; each shows itself afterwards. The URL is in no cache: it is handed on, and forgotten. */
export function useChangeNotices() {
  const organization = useOrganization();
  const path = pathOf(organization);
  const change = async (method: "PUT" | "DELETE", where: string, body?: unknown): Promise<void> => {
    await request(method, path + where, body === undefined ? {} : { body });
    await queryClient.invalidateQueries({ queryKey: keyOf(organization) });
  };
  return {
    setWebhook: (format: WebhookFormat, url: string | undefined) => change("PUT", "/webhook", { format, ...(url !== undefined && { url }) }),
    removeWebhook: () => change("DELETE", "/webhook"),
    setMailbox: (address: string) => change("PUT", "/mailbox", { address }),
    removeMailbox: () => change("DELETE", "/mailbox"),
  };
}

/** Answers with what the receiver said. */
export function useTestWebhook() {
  const organization = useOrganization();
  return useMutation({ mutationFn: () => request<NoticeWebhookTested>("POST", `${pathOf(organization)}/webhook/test`, { body: {} }) });
}

export function useUndeliverableNotices() {
  const organization = useOrganization();
  return useUndeliverableAt(pathOf(organization), [...keyOf(organization), "undeliverable"]);
}

export function useRetryNotices() {
  const organization = useOrganization();
  return useRetry(pathOf(organization), keyOf(organization));
}
