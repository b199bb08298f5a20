// SPDX-License-Identifier: Apache-2.0

export interface OrganizationRef { id: string; name: string }
export type Role = "reader" | "contributor" | "administrator";

export interface Session {
  user: { id: string; email: string; displayName: string; serverAdministrator: boolean };
  strong: boolean;
  strongUntil?: string;
  endsAt: string;
  organizations: (OrganizationRef & { role: Role })[];
  publicUrl: string;
  version: string;
}

export interface SignIn {
  id: string;
  address: string;
  userAgent: string;
  createdAt: string;
  seenAt: string;
  endsAt: string;
  current: boolean;
}

export type Status = "active" | "expiresSoon" | "inactive" | "expired" | "revoked";

export interface Token {
  id: string;
  name: string;
  fingerprint: string;
  status: Status;
  /** null: all organizations of its owner. */
  organization: OrganizationRef | null;
  scopes: string[];
  fullAccess: boolean;
  validFrom: string;
  validTo: string;
  createdAt: string;
  madeBy: string;
  lastUsed?: { at: string; address: string; userAgent: string };
  oldSecretUntil?: string;
  endedAt?: string;
  endedBy?: { displayName: string; self: boolean };
  endedReason?: string;
}

export interface TokenDetails extends Token {
  description: string;
  madeFrom: { address: string; userAgent: string };
  secrets: { fingerprint: string; createdAt: string; liveUntil?: string }[];
  shrink?: { undoUntil: string; scopes: string[] };
}

export type StatusFilter = "all" | Status;
export type TokenSort = "expires" | "name" | "created" | "lastUsed" | "status";

export interface TokenPage {
  count: number;
  value: Token[];
  next?: string;
  counts: Record<StatusFilter, number>;
}

export interface Ending {
  count: number;
  value: { id: string; name: string; validTo: string }[];
  total: number;
  endingIn7Days: number;
}

export interface Client {
  userAgent: string;
  address: string;
  repository?: { id: string; name: string; project: string };
  accepted: number;
  refused: number;
  lastUsed: string;
}

export interface Uses {
  days: { day: string; accepted: number; refused: number }[];
  totals: { accepted: number; refused: number };
  clients: Client[];
  refusals: { reason: string; count: number; firstDay: string; lastDay: string }[];
  scopes: { scope: string; accepted: number; lastUsed?: string }[];
  neverUsed: string[];
  suggested: string[] | null;
  oldSecret?: { until: string; clients: Client[] };
}

export interface HistoryPage {
  value: {
    at: string;
    action: string;
    actor: { displayName: string; self: boolean };
    address: string;
    userAgent: string;
    data: Record<string, unknown>;
  }[];
  next?: string;
}

export interface Hints {
  now: string;
  organizations: OrganizationRef[];
  allOrganizations: { allowed: boolean; reason?: string };
  fullAccess: { allowed: boolean; reason?: string };
  forbiddenScopes: string[];
  latestValidTo?: string;
  longestDays?: number;
  contact?: string;
}

export interface Scope {
  id: string;
  title: string;
  description: string;
  includes: string[];
  /** Part of its group's ladder of levels; else a side scope. */
  ladder: boolean;
  highPrivilege: boolean;
}

export interface ScopeGroup {
  group: string;
  title: string;
  description: string;
  common: boolean;
  scopes: Scope[];
}

export type NoticeKind = "expiresSoon" | "created" | "regenerated" | "widened" | "revokedByOther";

export interface NoticePage {
  value: {
    id: string;
    kind: NoticeKind;
    at: string;
    read: boolean;
    token?: { id: string; name: string; fingerprint: string; organization: OrganizationRef | null };
    data: Record<string, unknown>;
  }[];
  unread: number;
  next?: string;
}

export interface User {
  id: string;
  email: string;
  displayName: string;
  state: "enabled" | "disabled" | "invited";
  serverAdministrator: boolean;
  signedInAt?: string;
  createdAt: string;
  organizations: (OrganizationRef & { role: Role })[];
  liveTokens: number;
  invitation?: { code: string; url: string; endsAt: string };
}

/** What Azure DevOps' own route answers when it makes or changes a token. */
export interface PatResult {
  patToken: {
    authorizationId: string;
    displayName: string;
    fingerprint: string;
    scope: string;
    targetAccounts: string[] | null;
    validFrom: string;
    validTo: string;
    token: string | null;
  } | null;
  patTokenError: string;
  patTokenErrorMessage?: string;
}

export interface List<Item> { count: number; value: Item[] }
