// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { request } from "./client";
import { own, queryClient } from "./queries";
import type { components } from "./schema";
import type { CreatedUser, List, Member, Organization, Role, User } from "./types";

export type Invitation = components["schemas"]["Invitation"];
export type UserRequest = components["schemas"]["UserRequest"];
type UserEdit = components["schemas"]["UserEdit"];
export type Page<Item> = List<Item> & { next?: string };

export function query(values: Record<string, string | undefined>): string {
  const search = new URLSearchParams(Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])));
  return search.size ? `?${search.toString()}` : "";
}

/** A list by pages, searched by the server. */
export function usePages<Item>(key: string[], path: string, q: string, enabled = true) {
  return useInfiniteQuery({
    queryKey: ["people", ...key, q],
    queryFn: ({ signal, pageParam }) => request<Page<Item>>("GET", path + query({ q, after: pageParam }), { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    enabled,
  });
}

export function useUsers(q: string, enabled = true) {
  return usePages<User>(["users"], "/_apis/latchkey/users", q, enabled);
}

export function useMembers(organization: string, q: string, enabled = true) {
  return usePages<Member>(["members", organization], own(organization, "members"), q, enabled);
}

export function useOrganizations() {
  return useQuery({
    queryKey: ["people", "organizations"],
    queryFn: async ({ signal }) => (await request<List<Organization>>("GET", "/_apis/latchkey/organizations", { signal })).value,
  });
}

/** Changes something about people, then fetches what shows them again. */
export async function change<Answer>(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: object): Promise<Answer> {
  const answer = await request<Answer>(method, path, { ...(body && { body }) });
  await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "people" || queryKey[0] === "session" });
  return answer;
}

const user = (id: string) => `/_apis/latchkey/users/${encodeURIComponent(id)}`;
const member = (organization: string, who: string) => own(organization, `members/${encodeURIComponent(who)}`);

export const createUser = (body: UserRequest) => change<CreatedUser>("POST", "/_apis/latchkey/users", body);
export const editUser = (id: string, edit: UserEdit) => change<User>("PATCH", user(id), edit);
export const removeUser = (id: string) => change<undefined>("DELETE", user(id));
export const inviteUser = (id: string) => change<Invitation>("POST", `${user(id)}/invitation`, {});
export const setMember = (organization: string, who: string, role: Role) => change<Member>("PUT", member(organization, who), { role });
export const removeMember = (organization: string, who: string) => change<undefined>("DELETE", member(organization, who));
export const createOrganization = (name: string) => change<Organization>("POST", "/_apis/latchkey/organizations", { name });
export const editOrganization = (id: string, state: Organization["state"]) =>
  change<Organization>("PATCH", `/_apis/latchkey/organizations/${encodeURIComponent(id)}`, { state });
