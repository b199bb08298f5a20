// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { queryClient } from "./queries";
import { request } from "./client";
import type { List, Project, Repository } from "./types";

const version = "api-version=7.1";

/** A path of Azure DevOps' own API in an organization. */
function area(organization: string, ...segments: string[]): string {
  return "/" + [organization, ...segments].map(encodeURIComponent).join("/");
}

export function useProjects(organization: string) {
  return useQuery({
    queryKey: ["projects", organization],
    queryFn: async ({ signal }) => (await request<List<Project>>("GET", `${area(organization, "_apis", "projects")}?${version}`, { signal })).value,
  });
}

export function useRepositories(organization: string, project: string) {
  return useQuery({
    queryKey: ["projects", organization, project, "repositories"],
    queryFn: async ({ signal }) =>
      (await request<List<Repository>>("GET", `${area(organization, project, "_apis", "git", "repositories")}?${version}`, { signal })).value,
  });
}

export function useRepository(organization: string, project: string, name: string) {
  return useQuery({
    queryKey: ["projects", organization, project, "repositories", name],
    queryFn: ({ signal }) => request<Repository>("GET", `${area(organization, project, "_apis", "git", "repositories", name)}?${version}`, { signal }),
  });
}

/** Makes, changes or deletes a project or a repository, then fetches the lists again. */
async function change(method: "POST" | "PATCH" | "DELETE", path: string, body?: object): Promise<void> {
  await request(method, `${path}?${version}`, { patience: 30_000, ...(body && { body }) });
  await queryClient.invalidateQueries({ queryKey: ["projects"] });
}

export function createProject(organization: string, name: string, description: string) {
  return change("POST", area(organization, "_apis", "projects"), { name, visibility: "private", ...(description && { description }) });
}

export function renameProject(organization: string, id: string, name: string) {
  return change("PATCH", area(organization, "_apis", "projects", id), { name });
}

export function deleteProject(organization: string, id: string) {
  return change("DELETE", area(organization, "_apis", "projects", id));
}

export function createRepository(organization: string, project: string, name: string) {
  return change("POST", area(organization, project, "_apis", "git", "repositories"), { name });
}

export function renameRepository(organization: string, id: string, name: string) {
  return change("PATCH", area(organization, "_apis", "git", "repositories", id), { name });
}

export function deleteRepository(organization: string, id: string) {
  return change("DELETE", area(organization, "_apis", "git", "repositories", id));
}
