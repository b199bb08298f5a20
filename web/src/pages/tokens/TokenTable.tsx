// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox } from "@fluentui/react-components";
import { ArrowDown16Regular, ArrowUp16Regular, MoreHorizontal20Regular } from "@fluentui/react-icons";
import { useRef } from "react";
import type { Token, TokenSort } from "../../api/types";
import { ScopeTags, useScopeNames } from "../../parts/ScopeTags";
import { Fingerprint } from "../../parts/small";
import { StatusTag } from "../../parts/StatusTag";
import { Go } from "../../router";
import { parts } from "../../routes";
import { texts } from "../../texts";
import { Ends, LastUsed } from "./describe";
import { isLive, sortBy, type View } from "./list";
import type { Selecting } from "./selecting";

export interface RowsProps {
  organization: string;
  view: View;
  rows: readonly Token[];
  selecting: Selecting;
  /** The path of a token's page. */
  pathOf: (token: Token) => string;
  onMenu: (token: Token, button: HTMLElement) => void;
}

export function TokenTable({ organization, view, rows, selecting, pathOf, onMenu }: RowsProps) {
  const nameOf = useScopeNames(organization);
  const shift = useRef(false);
  const chosen = rows.filter(selecting.has).length;
  const head = { view };
  return (
    <table className="table tokens">
      <thead>
        <tr>
          <th className="c-check">
            <Checkbox
              aria-label={texts.tokens.selectPage}
              checked={chosen === 0 ? false : chosen === rows.length ? true : "mixed"}
              onChange={() => selecting.setPage(rows, chosen !== rows.length)}
            />
          </th>
          <Sortable {...head} sort="name" className="c-name">{texts.tokens.name}</Sortable>
          <Sortable {...head} sort="status" className="c-status">{texts.tokens.status}</Sortable>
          <th className="c-organization">{texts.tokens.organization}</th>
          <th className="c-scopes">{texts.tokens.scopes}</th>
          <Sortable {...head} sort="lastUsed" className="c-used">{texts.tokens.lastUsed}</Sortable>
          <Sortable {...head} sort="expires" className="c-ends">{texts.tokens.expiresOn}</Sortable>
          <th className="c-menu"><span className="hidden">{texts.tokens.actions}</span></th>
        </tr>
      </thead>
      <tbody>
        {rows.map((token) => (
          <tr key={token.id} data-chosen={selecting.has(token)} data-ended={!isLive(token)}>
            <td onKeyDown={(event) => { shift.current = event.shiftKey; }} onMouseDown={(event) => { shift.current = event.shiftKey; }}>
              <Checkbox
                aria-label={texts.tokens.select(token.name)}
                checked={selecting.has(token)}
                onChange={() => selecting.toggle(token, rows, shift.current)}
              />
            </td>
            <td>
              <Go className="token-name clip" to={pathOf(token)} title={token.name} onMouseEnter={parts.detail.fetch} onFocus={parts.detail.fetch}>{token.name}</Go>
              <Fingerprint of={token.fingerprint} />
            </td>
            <td><StatusTag status={token.status} /></td>
            <td className="c-organization clip">{token.organization?.name ?? texts.tokens.allOrganizations}</td>
            <td className="c-scopes"><ScopeTags scopes={token.scopes} nameOf={nameOf} /></td>
            <td className="clip"><LastUsed token={token} /></td>
            <td className="clip"><Ends token={token} /></td>
            <td>
              <Button
                appearance="subtle"
                icon={<MoreHorizontal20Regular />}
                aria-label={texts.tokens.actionsFor(token.name)}
                aria-haspopup="menu"
                onClick={(event) => onMenu(token, event.currentTarget)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Sortable({ sort, view, className, children }: { sort: TokenSort; view: View; className: string; children: string }) {
  const sorted = view.sort === sort;
  return (
    <th className={className} aria-sort={sorted ? (view.descending ? "descending" : "ascending") : "none"}>
      <button type="button" className="sort" onClick={() => sortBy(sort, view)}>
        {children}{sorted && (view.descending ? <ArrowDown16Regular /> : <ArrowUp16Regular />)}
      </button>
    </th>
  );
}
