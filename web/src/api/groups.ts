// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { request } from "./client";
import { isSame, latchkey, reference, type Of, type Schemas, type Subject, type SubjectRef } from "./governed";
import { change, usePages } from "./people";
import { own, queryClient } from "./queries";
import type { List, Role } from "./types";

export type Group = Schemas["Group"];
export type GroupMember = Schemas["GroupMember"];

const group = (of: Of, id: string, rest = "") => latchkey(of, `groups/${encodeURIComponent(id)}${rest}`);

export function useGroups(of: Of, enabled = true) {
  return usePages<Group>(["groups", of ?? ""], latchkey(of, "groups"), "", enabled);
}

export function useGroup(of: Of, id: string) {
  return useQuery({
    queryKey: ["people", "groups", of ?? "", "one", id],
    queryFn: ({ signal }) => request<Group>("GET", group(of, id), { signal }),
  });
}

export function useGroupMembers(of: Of, id: string) {
  return usePages<GroupMember>(["groups", of ?? "", "one", id, "members"], group(of, id, "/members"), "");
}

export const createGroup = (of: Of, name: string, description: string) => change<Group>("POST", latchkey(of, "groups"), { name, description });
export const editGroup = (of: Of, id: string, edit: { name: string; description: string }) => change<Group>("PATCH", group(of, id), edit);
export const deleteGroup = (of: Of, id: string) => change<undefined>("DELETE", group(of, id));
export const addToGroup = (of: Of, id: string, user: string) => change<undefined>("PUT", group(of, id, `/members/${encodeURIComponent(user)}`));
export const removeFromGroup = (of: Of, id: string, user: string) => change<undefined>("DELETE", group(of, id, `/members/${encodeURIComponent(user)}`));

export type ProjectRole = Schemas["ProjectRole"];

const roles = (organization: string, project: string, subject?: SubjectRef) =>
  own(organization, `projects/${encodeURIComponent(project)}/roles${subject ? `/${subject.kind}/${encodeURIComponent(subject.id)}` : ""}`);

/** Who has a role of their own on a project, beside those of the organization. */
export function useProjectRoles(organization: string, project: string, enabled: boolean) {
  return useQuery({
    queryKey: ["people", "roles", organization, project],
    queryFn: async ({ signal }) => (await request<List<ProjectRole>>("GET", roles(organization, project), { signal })).value,
    enabled,
  });
}

export const setProjectRole = (organization: string, project: string, subject: SubjectRef, role: Role) =>
  change<ProjectRole>("PUT", roles(organization, project, subject), { role });
export const endProjectRole = (organization: string, project: string, subject: SubjectRef) => change<undefined>("DELETE", roles(organization, project, subject));

/** A route without a scope, and whose restricted tokens may call it all the same. */
export type AllowedRoute = Schemas["AllowedRoute"];

export function useAllowList(organization: string) {
  return useQuery({
    queryKey: ["policies", organization, "allowList"],
    queryFn: async ({ signal }) => (await request<List<AllowedRoute>>("GET", own(organization, "allowList"), { signal })).value,
  });
}

export async function setAllowed(organization: string, { method, path }: AllowedRoute, subjects: Subject[]): Promise<void> {
  await request("PUT", own(organization, "allowList"), { body: { method, path, subjects: subjects.map(reference) } });
  await queryClient.invalidateQueries({ queryKey: ["policies", organization, "allowList"] });
}

export function without(subjects: readonly Subject[], gone: SubjectRef): Subject[] {
  return subjects.filter((subject) => !isSame(subject, gone));
}
