// SPDX-License-Identifier: Apache-2.0
import { reference, type Subject } from "../../api/governed";
import type { DryRun, Policy, PolicyBody, PolicyValue, Stage, StageDates } from "../../api/policies";
import { longUtcDate, utcMidnight } from "../../dates";
import { governance } from "../../texts.governance";

const t = governance.policies;
export const stageNames = ["report", "warn", "refuse", "revoke"] as const satisfies readonly Stage[];
const usual = { switch: "", days: "90", count: "20", scopes: "", networks: "" };

/** What is being changed of a policy. */
export interface Draft {
  on: boolean;
  /** As typed: a number, or networks one a line. */
  text: string;
  scopes: string[];
  dates: StageDates;
  exceptions: Subject[];
}

/** Whether the policy is in force, or planned. One that is on by itself is off only when it says so. */
export function isOn({ kind, value, default: byItself }: Policy): boolean {
  return kind === "switch" ? (value ?? byItself) === true : value !== undefined;
}

export function draftOf(policy: Policy): Draft {
  const { kind, value, exceptions } = policy;
  const text = typeof value === "number" ? String(value) : kind === "networks" && Array.isArray(value) ? value.join("\n") : usual[kind];
  const dates: StageDates = {};
  for (const stage of stageNames) if (policy[`${stage}From`]) dates[`${stage}From`] = policy[`${stage}From`];
  return { on: isOn(policy), text, scopes: kind === "scopes" && Array.isArray(value) ? value : [], dates, exceptions };
}

/** The rule's value as the server takes it; undefined: something is missing. */
export function valueOf({ kind }: Policy, { text, scopes }: Draft): PolicyValue | undefined {
  switch (kind) {
    case "switch":
      return true;
    case "scopes":
      return scopes.length > 0 ? scopes : undefined;
    case "networks": {
      const networks = text.split(/[\s,]+/).filter(Boolean);
      return networks.length > 0 ? networks : undefined;
    }
    default:
      return /^0*[1-9]\d*$/.test(text.trim()) ? Number(text) : undefined;
  }
}

export function bodyOf(policy: Policy, draft: Draft): PolicyBody | undefined {
  const value = valueOf(policy, draft);
  return value === undefined ? undefined : { value, ...draft.dates, exceptions: policy.takesExceptions ? draft.exceptions.map(reference) : [] };
}

export function isStaged({ stages }: Policy): boolean {
  return stages.length > 1;
}

/** A careful beginning: counted now, owners told in two weeks, refused in four, nothing revoked. */
export function planned({ stages }: Policy): StageDates {
  const after: Partial<Record<Stage, Date>> = { report: new Date(), warn: utcMidnight(14), refuse: utcMidnight(28) };
  return Object.fromEntries(stages.filter((stage) => after[stage]).map((stage) => [`${stage}From`, after[stage]?.toISOString()]));
}

/** The stage that a plan has come to; undefined: none yet. Without any date a policy refuses. */
export function stageNow(dates: StageDates, now = Date.now()): Stage | undefined {
  const begun = stageNames.filter((stage) => Date.parse(dates[`${stage}From`] ?? "") <= now);
  return begun.at(-1) ?? (Object.keys(dates).length === 0 ? "refuse" : undefined);
}

export function nextStart(dates: StageDates, now = Date.now()): string | undefined {
  return Object.values(dates).filter((date) => Date.parse(date) > now).sort()[0];
}

/** The first stage that would begin before an earlier one. */
export function disordered(dates: StageDates): Stage | undefined {
  let last = 0;
  for (const stage of stageNames) {
    const at = Date.parse(dates[`${stage}From`] ?? "");
    if (Number.isNaN(at)) continue;
    if (at < last) return stage;
    last = at;
  }
  return undefined;
}

/** What saving does, for its button. */
export function effectOf(policy: Policy, draft: Draft, run: DryRun | undefined): { text: string; danger: boolean } {
  const touched = run?.tokens ?? 0;
  const calm = (text: string) => ({ text, danger: false });
  if (!draft.on) return calm(t.save.off);
  if (!isStaged(policy)) return calm(t.save.on);
  switch (stageNow(draft.dates)) {
    case "report":
      return calm(t.save.report);
    case "warn":
      return calm(t.save.warn(run?.owners ?? 0));
    case "refuse":
      return run?.existing === "stop" ? { text: t.save.stop(touched), danger: touched > 0 } : calm(t.save.refuse);
    case "revoke":
      return { text: t.save.revoke(touched), danger: true };
    case undefined: {
      const start = nextStart(draft.dates);
      return calm(start ? t.save.later(longUtcDate(start)) : t.save.refuse);
    }
  }
}

/** The line under a policy's name in the list. */
export function inShort(policy: Policy): string {
  const { kind, value, exceptions } = policy;
  const on = isOn(policy);
  if (policy.name === "revoke-leaked") return on ? t.revoked : t.noValue.leaked;
  if (kind === "switch" && !policy.takesExceptions) return on ? t.accepted : t.noValue.accepted;
  if (!on) return t.noValue[kind];
  if (typeof value === "number") return kind === "count" ? t.values.count(value) : t.values.days(value);
  if (Array.isArray(value)) return kind === "networks" ? t.values.networks(value) : t.values.scopes(value.length);
  return exceptions.length === 0 ? t.everyone : t.exceptions(exceptions.length);
}

/** A value in words, for "Was …". */
export function inWords(policy: Policy): string {
  const { kind, value } = policy;
  if (typeof value === "number") return kind === "count" ? t.values.count(value) : t.values.days(value);
  return Array.isArray(value) ? value.join(", ") : "";
}
