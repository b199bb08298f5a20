// SPDX-License-Identifier: Apache-2.0
import { Button, SearchBox, Select } from "@fluentui/react-components";
import { Dismiss12Regular } from "@fluentui/react-icons";
import { useEffect, useState } from "react";
import { useAreas, type AuditFilter } from "../../api/audit";
import type { Of } from "../../api/governed";
import { setSearch } from "../../router";
import { governance } from "../../texts.governance";

const t = governance.audit;

export function narrowLog(change: { q?: string | undefined; area?: string | undefined; category?: string | undefined; actor?: string | undefined }): void {
  setSearch({ ...change, after: undefined });
}

/** Which entries are listed. */
export function AuditBar({ of, filter, actorName }: { of: Of; filter: AuditFilter; actorName: string | undefined }) {
  const areas = useAreas(of);
  const narrowed = filter.q ?? filter.area ?? filter.category ?? filter.actor;
  return (
    <div className="filter-bar audit-bar">
      <Search q={filter.q} />
      <Select aria-label={t.area} value={filter.area ?? ""} onChange={(_, { value }) => narrowLog({ area: value })}>
        <option value="">{t.everyArea}</option>
        {areas.data?.map((area) => <option key={area} value={area}>{area}</option>)}
      </Select>
      <Select aria-label={t.category} value={filter.category ?? ""} onChange={(_, { value }) => narrowLog({ category: value })}>
        <option value="">{t.everyCategory}</option>
        {Object.entries(t.categories).map(([category, text]) => <option key={category} value={category}>{text}</option>)}
      </Select>
      {filter.actor && (
        <Button size="small" icon={<Dismiss12Regular />} iconPosition="after" aria-label={governance.inventory.removeFilter(t.actor(actorName ?? t.somebody))} onClick={() => narrowLog({ actor: undefined })}>{t.actor(actorName ?? t.somebody)}</Button>
      )}
      {narrowed && <Button appearance="subtle" className="clear" onClick={() => narrowLog({ q: undefined, area: undefined, category: undefined, actor: undefined })}>{t.clear}</Button>}
    </div>
  );
}

function Search({ q }: { q: string | undefined }) {
  const [text, setText] = useState(q ?? "");
  // The address may change without the field: Back, or "Clear filters".
  useEffect(() => setText(q ?? ""), [q]);
  useEffect(() => {
    if (text.trim() === (q ?? "")) return;
    const timer = setTimeout(() => narrowLog({ q: text.trim() }), 300);
    return () => clearTimeout(timer);
    // Only typing starts the wait.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text]);
  return (
    <div data-search="" className="search">
      <SearchBox aria-label={t.search} placeholder={t.search} value={text} maxLength={100} onChange={(_, { value }) => setText(value)} />
    </div>
  );
}
