// SPDX-License-Identifier: Apache-2.0
import type { Hints, ScopeGroup, TokenDetails } from "../../api/types";
import { utcMidnight } from "../../dates";

export type Expiry = "keep" | "30" | "60" | "90" | "custom";

/** What the form holds. */
export interface Draft {
  name: string;
  organization: string;
  allOrganizations: boolean;
  expiry: Expiry;
  /** The day that was chosen in the calendar: its first instant in UTC. */
  day: Date | undefined;
  /** Until when it is good if that is left as it is. */
  kept: string | undefined;
  full: boolean;
  /** As chosen; none is included by another of them. */
  scopes: readonly string[];
}

export function emptyDraft(organization: string, change: Partial<Draft> = {}): Draft {
  return { name: "", organization, allOrganizations: false, expiry: "30", day: undefined, kept: undefined, full: false, scopes: [], ...change };
}

export function draftOf(token: TokenDetails, organization: string): Draft {
  return emptyDraft(token.organization?.name ?? organization, {
    name: token.name,
    allOrganizations: token.organization === null,
    expiry: "keep",
    kept: token.validTo,
    full: token.fullAccess,
    scopes: token.fullAccess ? [] : token.scopes,
  });
}

/** The instant at which the token ends; undefined: no day is chosen yet. */
export function endOf({ expiry, day, kept }: Draft): Date | undefined {
  if (expiry === "keep") return kept === undefined ? undefined : new Date(kept);
  return expiry === "custom" ? day : utcMidnight(Number(expiry));
}

/** Whether the organization's rules let a token live that long. */
export function isAllowedEnd(end: Date, hints: Hints | undefined): boolean {
  return !hints?.latestValidTo || end <= new Date(hints.latestValidTo);
}

export type Fault = Partial<Record<"name" | "organization" | "expiry" | "scopes", string>>;

/** Scopes by id, with what each includes. */
export class Catalogue {
  private readonly byId = new Map<string, ScopeGroup["scopes"][number]>();
  private readonly groupOf = new Map<string, ScopeGroup>();

  constructor(readonly groups: readonly ScopeGroup[]) {
    for (const group of groups) {
      for (const scope of group.scopes) {
        this.byId.set(scope.id, scope);
        this.groupOf.set(scope.id, group);
      }
    }
  }

  scope(id: string) {
    return this.byId.get(id);
  }

  group(id: string) {
    return this.groupOf.get(id);
  }

  /** What the chosen ones hold beside themselves. */
  included(chosen: readonly string[]): Set<string> {
    return new Set(chosen.flatMap((id) => this.byId.get(id)?.includes ?? []));
  }

  /** Chosen and included, without those that are no scopes of the catalogue. */
  held(chosen: readonly string[]): Set<string> {
    return new Set([...chosen, ...this.included(chosen)]);
  }

  /** Ticks or clears one; a level of a ladder takes the place of the group's other levels, and what it includes goes. */
  toggled(chosen: readonly string[], id: string): string[] {
    if (chosen.includes(id)) return chosen.filter((other) => other !== id);
    const scope = this.byId.get(id);
    const levels = scope?.ladder ? (this.groupOf.get(id)?.scopes ?? []).filter(({ ladder }) => ladder).map((level) => level.id) : [];
    const gone = new Set([...levels, ...(scope?.includes ?? [])]);
    return [...chosen.filter((other) => !gone.has(other)), id];
  }
}
