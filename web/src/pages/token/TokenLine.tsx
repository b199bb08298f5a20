// SPDX-License-Identifier: Apache-2.0
import type { Token } from "../../api/types";
import { Fingerprint } from "../../parts/small";
import { StatusTag } from "../../parts/StatusTag";

/** Which token a dialog is about: its name, fingerprint and status. */
export function TokenLine({ token }: { token: Token }) {
  return (
    <p className="token-line">
      <strong>{token.name}</strong>
      <span><Fingerprint of={token.fingerprint} /><StatusTag status={token.status} /></span>
    </p>
  );
}
