// SPDX-License-Identifier: Apache-2.0
import { Failure, request } from "../../api/client";
import { tokensChanged } from "../../api/queries";
import type { Pat, PatResult } from "../../api/types";
import { texts } from "../../texts";
import { endOf, type Draft, type Fault } from "./model";
import { FieldFault } from "./TokenForm";

const fieldOf: Record<string, keyof Fault> = {
  displayNameRequired: "name",
  invalidDisplayName: "name",
  invalidValidTo: "expiry",
  invalidScope: "scopes",
  globalPatPolicyViolation: "organization",
  fullScopePatPolicyViolation: "scopes",
  patLifespanPolicyViolation: "expiry",
};

/** Makes a token, or changes the one of this id. The answer holds the secret of a new one: it is given on and kept
    nowhere here. */
export async function submit(draft: Draft, id?: string): Promise<Pat> {
  const answer = await request<PatResult>(id === undefined ? "POST" : "PUT", `/${encodeURIComponent(draft.organization)}/_apis/tokens/pats`, {
    patience: 30_000,
    // Not where nothing is widened: the server knows, and says so.
    strong: id === undefined,
    body: {
      ...(id !== undefined && { authorizationId: id }),
      displayName: draft.name.trim(),
      scope: draft.full ? "app_token" : draft.scopes.join(" "),
      allOrgs: draft.allOrganizations,
      // An end that stays is left out, or a later second of it would count as an extension.
      ...(draft.expiry !== "keep" && { validTo: endOf(draft)?.toISOString() }),
    },
  });
  const field = fieldOf[answer.patTokenError];
  const message = answer.patTokenErrorMessage || texts.form.refused;
  if (field) throw new FieldFault({ [field]: message });
  if (!answer.patToken) throw new Failure(message, 400, answer.patTokenError, undefined, undefined, undefined);
  void tokensChanged();
  return answer.patToken;
}
