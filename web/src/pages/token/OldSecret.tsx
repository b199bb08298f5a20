// SPDX-License-Identifier: Apache-2.0
import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import type { Uses } from "../../api/types";
import { moment } from "../../dates";
import { texts } from "../../texts";
import { ClientsTable } from "./ClientsTable";

/** While a regeneration's grace lasts: who still sends the old secret. */
export function OldSecret({ of: { until, clients } }: { of: NonNullable<Uses["oldSecret"]> }) {
  return (
    <section className={clients.length ? "card old-secret" : ""}>
      <MessageBar intent={clients.length ? "warning" : "info"} layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{texts.detail.oldSecret(moment(until))}</MessageBarTitle>
          {clients.length ? texts.detail.oldSecretUsed(clients.length) : texts.detail.oldSecretQuiet}
        </MessageBarBody>
      </MessageBar>
      {clients.length > 0 && <ClientsTable clients={clients} caption={texts.detail.oldSecretClients} />}
    </section>
  );
}
