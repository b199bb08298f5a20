// SPDX-License-Identifier: Apache-2.0
import type { Stream, StreamKind } from "../../api/streams";
import { governance } from "../../texts.governance";

const t = governance.streams;

/** What the server wants to know of where a stream goes. */
export interface Input { name: string; label: string; hint?: string; secret?: true; optional?: true; long?: true; usual?: string }

export const kinds = ["WebHook", "Splunk", "Syslog", "File"] as const satisfies readonly StreamKind[];

export const inputsOf: Record<StreamKind, Input[]> = {
  WebHook: [
    { name: "Url", label: t.inputs.url, hint: t.only },
    { name: "Secret", label: t.inputs.secret, hint: t.inputs.secretHint, secret: true },
  ],
  Splunk: [
    { name: "SplunkUrl", label: t.inputs.splunkUrl, hint: t.only },
    { name: "SplunkEventCollectorToken", label: t.inputs.splunkToken, secret: true },
  ],
  Syslog: [
    { name: "Host", label: t.inputs.host, hint: t.only },
    { name: "Port", label: t.inputs.port, usual: "6514" },
    { name: "CaCertificate", label: t.inputs.certificate, hint: t.inputs.certificateHint, optional: true, long: true },
  ],
  File: [{ name: "File", label: t.inputs.file, hint: t.inputs.fileHint }],
};

/** Where it goes, in a word. */
export function targetOf({ consumerType, consumerInputs: inputs }: Stream): string {
  if (consumerType === "Syslog") return [inputs.Host, inputs.Port].filter(Boolean).join(":");
  return inputs.Url ?? inputs.SplunkUrl ?? inputs.File ?? "";
}

export type State = keyof typeof t.states;

/** What the status and the deliveries say together. */
export function stateOf({ status, health }: Stream): State {
  if (status !== "enabled") return status;
  if (health.failures > 0) return "failing";
  return health.behind > 0 ? "behind" : "enabled";
}
