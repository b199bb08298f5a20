// SPDX-License-Identifier: Apache-2.0
import { own } from "./queries";
import type { components } from "./schema";

export type Schemas = components["schemas"];

/** Whose a rule, a group or a list is: an organization's, by its name, or the whole server's. */
export type Of = string | undefined;

/** Somebody, as the administration's lists name them. */
export type Person = Schemas["TokenOwner"];

/** A person or a group that a rule names. Broken: it is gone, and the rule still names it. */
export type Subject = Schemas["Subject"];
export type SubjectRef = Schemas["SubjectReference"];

export function reference({ kind, id }: Subject): SubjectRef {
  return { kind, id };
}

export function isSame(a: SubjectRef, b: SubjectRef): boolean {
  return a.kind === b.kind && a.id === b.id;
}

/** A path of Latchkey's own API, of an organization or of the server. */
export function latchkey(of: Of, rest: string): string {
  return of === undefined ? `/_apis/latchkey/${rest}` : own(of, rest);
}

/** A path of Azure DevOps' audit API. */
export function auditing(of: Of, rest: string): string {
  return `${of === undefined ? "" : "/" + encodeURIComponent(of)}/_apis/audit/${rest}`;
}
