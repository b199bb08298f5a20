// SPDX-License-Identifier: Apache-2.0
import type { components } from "./schema";

// The server's own descriptions (docs/api/openapi.yaml) under the names that the pages use.
type Schemas = components["schemas"];

export type OrganizationRef = Schemas["OrganizationReference"];
export type Role = Schemas["Role"];
export type Session = Schemas["Session"];
export type SignIn = Schemas["SignInEntry"];
export type InvitedUser = Schemas["InvitedUser"];
export type ResetState = Schemas["PasswordResetState"];

export type Status = Schemas["TokenStatus"];
export type Token = Schemas["PortalToken"];
export type TokenDetails = Token & Schemas["TokenDetail"];
export type StatusFilter = "all" | Status;
export type TokenSort = "expires" | "name" | "created" | "lastUsed" | "status";
export type TokenPage = Schemas["TokenPage"];
export type Ending = Schemas["EndingTokens"];
export type Client = Schemas["UseClient"];
export type Uses = Schemas["TokenUse"];
/** `data` is what the audit keeps; the description cannot say more of it. */
export type HistoryPage = Omit<Schemas["TokenHistory"], "value"> & {
  value: (Omit<Schemas["TokenHistory"]["value"][number], "data"> & { data: AuditData })[];
};

export interface AuditData {
  OperationType?: string;
  DisplayName?: string;
  Scopes?: string[];
  ValidTo?: string;
  Fingerprint?: string;
  OldSecretUntil?: string;
}

export type NoticeChoices = Schemas["NoticeChoices"];
export type MailSettings = Schemas["MailSettings"];
export type MailSettingsToSet = Schemas["MailSettingsToSet"];
export type MailState = Schemas["MailState"];
export type UndeliverablePage = Schemas["UndeliverablePage"];
export type MailTested = Schemas["MailTested"];
export type OrganizationNotices = Schemas["OrganizationNotices"];
export type NoticeWebhook = Schemas["NoticeWebhook"];
export type NoticeWebhookTested = Schemas["NoticeWebhookTested"];
export type Hints = Schemas["TokenHints"];
export type Allowance = Schemas["Allowance"];
export type ScopeGroup = Schemas["ScopeGroups"]["value"][number];
export type Scope = ScopeGroup["scopes"][number];

export type NoticePage = Schemas["NoticePage"];
export type NoticeKind = Schemas["Notice"]["kind"];

export type User = Schemas["User"];
export type CreatedUser = Schemas["CreatedUser"];
export type Organization = Schemas["Organization"];
export type Member = Schemas["Member"];

export type Pat = Schemas["Token"];
/** What Azure DevOps' own route answers when it makes or changes a token. */
export type PatResult = Schemas["TokenResult"];

export interface List<Item> { count: number; value: Item[] }

/** Azure DevOps' own shapes, as far as the pages use them. */
export interface Project { id: string; name: string; description?: string; lastUpdateTime?: string }

export interface Repository {
  id: string;
  name: string;
  project: Project;
  /** "refs/heads/main"; none before the first push. */
  defaultBranch?: string;
  size?: number;
  remoteUrl: string;
  isDisabled?: boolean;
  creationDate?: string;
}

export interface UserPage extends List<User> { next?: string }
