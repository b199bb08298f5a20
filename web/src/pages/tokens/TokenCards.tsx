// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { MoreHorizontal20Regular } from "@fluentui/react-icons";
import { ago } from "../../dates";
import { Fingerprint } from "../../parts/small";
import { StatusTag } from "../../parts/StatusTag";
import { Go } from "../../router";
import { texts } from "../../texts";
import { endsInWords } from "./describe";
import type { RowsProps } from "./TokenTable";

/** The list on phones. */
export function TokenCards({ rows, pathOf, onMenu }: Pick<RowsProps, "rows" | "pathOf" | "onMenu">) {
  return (
    <ul className="card token-cards">
      {rows.map((token) => (
        <li key={token.id}>
          <Go className="token-name" to={pathOf(token)}>{token.name}</Go>
          <StatusTag status={token.status} />
          <Fingerprint of={token.fingerprint} />
          <div className="hint">
            {token.lastUsed ? texts.tokens.used(ago(token.lastUsed.at), token.lastUsed.address) : texts.tokens.never}<br />
            {endsInWords(token)}
          </div>
          <Button
            appearance="subtle"
            icon={<MoreHorizontal20Regular />}
            aria-label={texts.tokens.actionsFor(token.name)}
            aria-haspopup="menu"
            onClick={(event) => onMenu(token, event.currentTarget)}
          />
        </li>
      ))}
    </ul>
  );
}
