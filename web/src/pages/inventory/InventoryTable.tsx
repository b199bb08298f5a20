// SPDX-License-Identifier: Apache-2.0
import { Checkbox } from "@fluentui/react-components";
import { ArrowDown16Regular, ArrowUp16Regular } from "@fluentui/react-icons";
import { useRef, type ReactNode } from "react";
import type { InventoryToken, InventoryView } from "../../api/inventory";
import { shortDate } from "../../dates";
import type { Choosing } from "../../parts/choosing";
import { ScopeTags, useScopeNames } from "../../parts/ScopeTags";
import { Fingerprint, When } from "../../parts/small";
import { StatusTag } from "../../parts/StatusTag";
import { governance } from "../../texts.governance";
import { isLive } from "../tokens/list";
import { turnRound } from "./view";

const t = governance.inventory;

interface Props {
  organization: string;
  view: InventoryView;
  rows: readonly InventoryToken[];
  choosing: Choosing<InventoryToken>;
  menu: (token: InventoryToken) => ReactNode;
}

export function InventoryTable({ organization, view, rows, choosing, menu }: Props) {
  const nameOf = useScopeNames(organization);
  const shift = useRef(false);
  const chosen = rows.filter(choosing.has).length;
  return (
    <table className="table inventory">
      <thead>
        <tr>
          <th className="c-check">
            <Checkbox aria-label={t.selectPage} checked={chosen === 0 ? false : chosen === rows.length ? true : "mixed"} onChange={() => choosing.setPage(rows, chosen !== rows.length)} />
          </th>
          <th scope="col">{t.name}</th>
          <th scope="col" className="c-owner">{t.owner}</th>
          <th scope="col" className="c-made from-wide">{t.made}</th>
          <th scope="col" className="c-scopes from-wide">{t.scopes}</th>
          <th scope="col" className="c-status">{t.status}</th>
          <th scope="col" className="c-used">{t.lastUsed}</th>
          <th scope="col" className="c-ends" aria-sort={view.descending ? "descending" : "ascending"}>
            <button type="button" className="sort" onClick={() => turnRound(view)}>
              {t.expiresOn}{view.descending ? <ArrowDown16Regular /> : <ArrowUp16Regular />}
            </button>
          </th>
          <th scope="col" className="c-menu"><span className="hidden">{t.actions}</span></th>
        </tr>
      </thead>
      <tbody>
        {rows.map((token) => (
          <tr key={token.id} data-chosen={choosing.has(token)} data-ended={!isLive(token)}>
            <td onKeyDown={(event) => { shift.current = event.shiftKey; }} onMouseDown={(event) => { shift.current = event.shiftKey; }}>
              <Checkbox aria-label={t.select(token.name)} checked={choosing.has(token)} onChange={() => choosing.toggle(token, rows, shift.current)} />
            </td>
            <td><strong className="token-name clip" title={token.name}>{token.name}</strong><Fingerprint of={token.fingerprint} /></td>
            <td className="clip" title={token.owner.email}><Owner token={token} /></td>
            <td className="from-wide clip">{t.makers[token.madeBy] ?? token.madeBy}</td>
            <td className="from-wide"><ScopeTags scopes={token.scopes} nameOf={nameOf} />{!token.organization && <span className="two">{t.everywhere}</span>}</td>
            <td><StatusTag status={token.status} />{token.banned && <span className="two banned">{t.banned(organization)}</span>}</td>
            <td className="clip">{token.lastUsedAt ? <><When at={token.lastUsedAt} /><span className="two">{token.lastAddress}</span></> : t.never}</td>
            <td className="clip"><When at={token.validTo}>{shortDate(token.validTo)}</When></td>
            <td>{menu(token)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Owner({ token: { owner, ownerState } }: { token: InventoryToken }) {
  return <>{owner.displayName}{t.owners[ownerState] && <span className="two">{t.owners[ownerState]}</span>}</>;
}

/** The list on phones. */
export function InventoryCards({ organization, rows, menu }: Pick<Props, "organization" | "rows" | "menu">) {
  const nameOf = useScopeNames(organization);
  return (
    <ul className="inventory-cards">
      {rows.map((token) => (
        <li key={token.id}>
          <div>
            <strong className="token-name">{token.name}</strong>
            <Fingerprint of={token.fingerprint} />
            <p className="hint">{token.owner.displayName} · {token.lastUsedAt ? <When at={token.lastUsedAt} /> : t.never} · {shortDate(token.validTo)}</p>
            <ScopeTags scopes={token.scopes} nameOf={nameOf} />
          </div>
          <div className="inventory-card-end"><StatusTag status={token.status} />{token.banned && <span className="hint banned">{t.banned(organization)}</span>}{menu(token)}</div>
        </li>
      ))}
    </ul>
  );
}
