// SPDX-License-Identifier: Apache-2.0
import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import type { Place } from "./router";
import { texts } from "./texts";

/** A page or panel whose code comes when it is needed; `fetch` gets it beforehand (on hover, on focus). */
export type Part = LazyExoticComponent<ComponentType> & { fetch: () => void };

function part(load: () => Promise<{ default: ComponentType }>): Part {
  return Object.assign(lazy(load), { fetch: () => { load().catch(() => undefined); } });
}

export const parts = {
  signIn: part(() => import("./pages/SignIn")),
  setUp: part(() => import("./pages/SetUp")),
  invitation: part(() => import("./pages/Invitation")),
  forgot: part(() => import("./pages/Forgot")),
  resetPassword: part(() => import("./pages/ResetPassword")),
  tokens: part(() => import("./pages/Tokens")),
  detail: part(() => import("./pages/TokenDetail")),
  create: part(() => import("./pages/Create")),
  edit: part(() => import("./pages/Edit")),
  regenerate: part(() => import("./pages/Regenerate")),
  revoke: part(() => import("./pages/Revoke")),
  sessions: part(() => import("./pages/Sessions")),
  appearance: part(() => import("./pages/Appearance")),
  notifications: part(() => import("./pages/Notifications")),
  projects: part(() => import("./pages/Projects")),
  repositories: part(() => import("./pages/Repositories")),
  clone: part(() => import("./pages/Clone")),
  members: part(() => import("./pages/Members")),
  users: part(() => import("./pages/Users")),
  organizations: part(() => import("./pages/Organizations")),
  policies: part(() => import("./pages/Policies")),
  inventory: part(() => import("./pages/Inventory")),
  audit: part(() => import("./pages/Audit")),
  streams: part(() => import("./pages/Streams")),
  stream: part(() => import("./pages/StreamPanel")),
  mail: part(() => import("./pages/Mail")),
  organizationNotices: part(() => import("./pages/OrganizationNotices")),
  groups: part(() => import("./pages/Groups")),
  group: part(() => import("./pages/Group")),
  access: part(() => import("./pages/Access")),
} as const;

export type Area = "alone" | "user" | "organization" | "project" | "settings";

export interface Crumb { text: string; to?: string }

export interface Route {
  area: Area;
  page: Part;
  /** Lies over the page. */
  panel?: Part;
  /** Where one is, after the organization. */
  crumbs: Crumb[];
}

/** What the address shows; undefined: there is no such page. */
export function routeOf({ segments, behind }: Place): Route | undefined {
  const [first, second, third, fourth] = segments;
  if (first === undefined) return undefined;
  if (first === "_signin") return alone(parts.signIn);
  if (first === "_setup") return alone(parts.setUp);
  if (first === "_invitation") return alone(parts.invitation);
  if (first === "_forgot") return alone(parts.forgot);
  if (first === "_password") return alone(parts.resetPassword);
  if (first.startsWith("_")) return undefined;
  const organization = encodeURIComponent(first);
  switch (second) {
    case undefined:
      return { area: "organization", page: parts.projects, crumbs: [{ text: texts.shell.projects }] };
    case "_usersSettings":
      return userSettings(organization, segments.slice(2), behind);
    case "_settings":
      return settings(organization, segments.slice(2));
    case "_git":
      return third === undefined ? undefined : repository(organization, third, parts.clone);
  }
  if (third === "_settings" && fourth === undefined) {
    return { area: "project", page: parts.access, crumbs: [{ text: second, to: `/${organization}/${encodeURIComponent(second)}/_git` }, { text: texts.shell.access }] };
  }
  if (third !== "_git") return undefined;
  return repository(organization, second, fourth === undefined ? undefined : parts.clone);
}

function alone(page: Part): Route {
  return { area: "alone", page, crumbs: [] };
}

function userSettings(organization: string, [section, id, action]: string[], behind: string | undefined): Route | undefined {
  const home = `/${organization}/_usersSettings/tokens`;
  const crumbs = (text: string, to?: string): Crumb[] => [
    { text: texts.shell.userSettings, to: home },
    to === undefined ? { text } : { text, to },
  ];
  const simple = (page: Part, text: string): Route => ({ area: "user", page, crumbs: crumbs(text) });
  switch (section) {
    case "sessions":
      return simple(parts.sessions, texts.shell.sessions);
    case "appearance":
      return simple(parts.appearance, texts.shell.appearance);
    case "notifications":
      return simple(parts.notifications, texts.shell.notifications);
    case undefined:
    case "tokens":
      break;
    default:
      return undefined;
  }
  const list = simple(parts.tokens, texts.shell.tokens);
  if (id === undefined) return list;
  if (id === "new") return { ...list, panel: parts.create };
  const detail: Route = { area: "user", page: parts.detail, crumbs: crumbs(texts.shell.tokens, home) };
  if (action === undefined) return detail;
  const panel = { edit: parts.edit, regenerate: parts.regenerate, revoke: parts.revoke }[action];
  return panel && { ...(behind === `${home}/${id}` ? detail : list), panel };
}

function settings(organization: string, [section = "members", ...more]: string[]): Route | undefined {
  // The groups of an organization, or of the server: a list, or one of them.
  const groups = section === "users" && more[0] === "groups" ? more.slice(1) : section === "groups" ? more : undefined;
  const pages: Record<string, [Part, string]> = {
    policies: [parts.policies, texts.shell.policies],
    tokens: [parts.inventory, texts.shell.inventory],
    audit: [parts.audit, texts.shell.audit],
    streams: [parts.streams, texts.shell.streams],
    notifications: [parts.organizationNotices, texts.shell.notifications],
    mail: [parts.mail, texts.shell.mail],
    members: [parts.members, texts.shell.members],
    users: [parts.users, texts.shell.users],
    organizations: [parts.organizations, texts.shell.organizations],
  };
  const found: [Part, string] | undefined = groups ? [groups.length === 0 ? parts.groups : parts.group, texts.shell.groups] : pages[section];
  const panel = section === "streams" && more.length === 1 ? parts.stream : undefined;
  if (!found || (more.length > 0 && !groups && !panel && section !== "policies")) return undefined;
  const [page, text] = found;
  return {
    area: "settings",
    page,
    ...(panel && { panel }),
    crumbs: [{ text: texts.shell.organizationSettings, to: `/${organization}/_settings/members` }, { text }],
  };
}

function repository(organization: string, project: string, panel: Part | undefined): Route {
  return {
    area: "project",
    page: parts.repositories,
    ...(panel && { panel }),
    crumbs: [{ text: project, to: `/${organization}/${encodeURIComponent(project)}/_git` }, { text: texts.shell.repositories }],
  };
}
