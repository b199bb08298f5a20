// SPDX-License-Identifier: Apache-2.0
import { Button, SearchBox, Select } from "@fluentui/react-components";
import { Dismiss12Regular, Dismiss20Regular, Prohibited20Regular } from "@fluentui/react-icons";
import { useEffect, useState } from "react";
import type { InventoryFilter, InventoryToken } from "../../api/inventory";
import { useScopes } from "../../api/queries";
import type { Choosing } from "../../parts/choosing";
import { useMedia } from "../../parts/media";
import { scopeName } from "../../parts/ScopeTags";
import { texts } from "../../texts";
import { governance } from "../../texts.governance";
import { clearFilters, narrowTo } from "./view";

const t = governance.inventory;
const statuses = ["live", "expiresSoon", "expired", "revoked", "all"] as const;
const makers = ["portal", "api", "command line", "client"] as const;

interface Props { organization: string; filter: InventoryFilter; ownerName: string | undefined }

/** Which tokens are listed: by text, scope, state, and what made them. */
export function InventoryBar({ organization, filter, ownerName }: Props) {
  const { data } = useScopes(organization);
  const narrowed = Object.keys(filter).length > 0;
  return (
    <div className="filter-bar inventory-bar">
      <Search q={filter.q} />
      <Select className="bar-scope" aria-label={texts.scopes.filter} value={filter.full ? "app_token" : filter.scope ?? ""} onChange={(_, { value }) => narrowTo(value === "app_token" ? { full: "true", scope: undefined } : { full: undefined, scope: value })}>
        <option value="">{texts.scopes.any}</option>
        <option value="app_token">{texts.scopes.full}</option>
        {data?.map((group) => (
          <optgroup key={group.group} label={group.title}>
            {group.scopes.map((scope) => <option key={scope.id} value={scope.id}>{scopeName(group, scope.title)}</option>)}
          </optgroup>
        ))}
      </Select>
      <Select className="bar-status" aria-label={t.statusFilter} value={filter.status ?? "live"} onChange={(_, { value }) => narrowTo({ status: value === "live" ? undefined : value })}>
        {statuses.map((status) => <option key={status} value={status}>{t.statuses[status]}</option>)}
      </Select>
      <Select className="bar-made" aria-label={t.madeBy} value={filter.madeBy ?? ""} onChange={(_, { value }) => narrowTo({ madeBy: value })}>
        <option value="">{t.anything}</option>
        {makers.map((maker) => <option key={maker} value={maker}>{t.makers[maker]}</option>)}
      </Select>
      {filter.owner !== undefined && (
        <Button size="small" icon={<Dismiss12Regular />} iconPosition="after" aria-label={t.removeFilter(t.ownedBy(ownerName ?? ""))} onClick={() => narrowTo({ owner: undefined })}>{t.ownedBy(ownerName ?? "…")}</Button>
      )}
      {narrowed && <Button appearance="subtle" className="clear" onClick={clearFilters}>{t.clear}</Button>}
    </div>
  );
}

function Search({ q }: { q: string | undefined }) {
  const [text, setText] = useState(q ?? "");
  // Beside three other fields there is room for a word.
  const tight = useMedia("(min-width: 640px) and (max-width: 1023px)");
  // The address may change without the field: Back, or "Clear filters".
  useEffect(() => setText(q ?? ""), [q]);
  useEffect(() => {
    if (text.trim() === (q ?? "")) return;
    const timer = setTimeout(() => narrowTo({ q: text.trim() }), 250);
    return () => clearTimeout(timer);
    // Only typing starts the wait.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text]);
  return (
    <div data-search="" className="search">
      <SearchBox aria-label={t.search} placeholder={tight ? texts.tokens.searchShort : t.search} value={text} maxLength={100} onChange={(_, { value }) => setText(value)} />
    </div>
  );
}

interface CommandsProps { choosing: Choosing<InventoryToken>; total: number | undefined; wholePage: boolean; more: boolean; onRevoke: () => void }

/** What can be done with the ticked rows, in the filter bar's place. */
export function InventoryCommands({ choosing, total, wholePage, more, onRevoke }: CommandsProps) {
  return (
    <div className="filter-bar commands" role="group" aria-label={t.actions}>
      <strong className="numbers" role="status">{choosing.all ? t.allSelected(total) : t.selected(choosing.count)}</strong>
      <Button appearance="subtle" icon={<Prohibited20Regular />} onClick={onRevoke}>{t.revoke}</Button>
      {!choosing.all && wholePage && more && <Button appearance="transparent" className="select-all" onClick={choosing.setAll}>{t.selectAll(total)}</Button>}
      <Button appearance="subtle" className="clear" icon={<Dismiss20Regular />} onClick={choosing.clear}>{t.clearSelection}</Button>
    </div>
  );
}
