// SPDX-License-Identifier: Apache-2.0
import { Button, SearchBox, Select } from "@fluentui/react-components";
import { Filter20Regular } from "@fluentui/react-icons";
import { useEffect, useState } from "react";
import { useScopes } from "../../api/queries";
import type { StatusFilter, TokenPage, TokenSort } from "../../api/types";
import { useMedia, usePhone } from "../../parts/media";
import { scopeName } from "../../parts/ScopeTags";
import { setSearch } from "../../router";
import { texts } from "../../texts";
import { narrow, type View } from "./list";

const statuses = ["all", "active", "expiresSoon", "inactive", "expired", "revoked"] as const satisfies readonly StatusFilter[];
const sorts = ["expires", "name", "lastUsed", "created"] as const satisfies readonly TokenSort[];
const sortTexts = { expires: texts.tokens.expiresOn, name: texts.tokens.name, lastUsed: texts.tokens.lastUsed, created: texts.tokens.created };

interface Props { organization: string; view: View; counts: TokenPage["counts"] | undefined }

/** Which tokens are listed: by state, scope, and name or fingerprint. */
export function FilterBar({ organization, view, counts }: Props) {
  const phone = usePhone();
  const [more, setMore] = useState(view.filter.scope !== undefined);
  const scopes = <ScopeSelect organization={organization} chosen={view.filter.scope} />;
  const search = <Search q={view.filter.q} />;
  const pills = <Pills chosen={view.filter.status} counts={counts} />;
  if (!phone) {
    return <div className="filter-bar">{pills}<div className="filter-fields">{scopes}{search}</div></div>;
  }
  return (
    <div className="filter-phone">
      <div className="filter-row">
        {search}
        <Button icon={<Filter20Regular />} aria-label={texts.tokens.filters} aria-expanded={more} onClick={() => setMore(!more)} />
      </div>
      {more && (
        <div className="filter-row">
          {scopes}
          <Select aria-label={texts.tokens.sortBy} value={view.sort} onChange={(_, { value }) => setSearch({ sort: value === "expires" ? undefined : value, after: undefined, page: undefined })}>
            {sorts.map((sort) => <option key={sort} value={sort}>{sortTexts[sort]}</option>)}
          </Select>
        </div>
      )}
      {pills}
    </div>
  );
}

function Pills({ chosen, counts }: { chosen: StatusFilter; counts: TokenPage["counts"] | undefined }) {
  return (
    <div role="group" aria-label={texts.tokens.statusFilter} className="pills">
      {statuses.map((status) => (
        <button key={status} type="button" aria-pressed={status === chosen} onClick={() => narrow({ status })}>
          {texts.status[status]}{counts && <span className="numbers">{counts[status].toLocaleString()}</span>}
        </button>
      ))}
    </div>
  );
}

function ScopeSelect({ organization, chosen }: { organization: string; chosen: string | undefined }) {
  const { data } = useScopes(organization);
  return (
    <Select className="scope-select" aria-label={texts.scopes.filter} value={chosen ?? ""} onChange={(_, { value }) => narrow({ scope: value })}>
      <option value="">{texts.scopes.any}</option>
      <option value="app_token">{texts.scopes.full}</option>
      {data?.map((group) => (
        <optgroup key={group.group} label={group.title}>
          {group.scopes.map((scope) => <option key={scope.id} value={scope.id}>{scopeName(group, scope.title)}</option>)}
        </optgroup>
      ))}
    </Select>
  );
}

function Search({ q }: { q: string | undefined }) {
  const [text, setText] = useState(q ?? "");
  // Beside the pills there is room for a word.
  const tight = useMedia("(min-width: 640px) and (max-width: 1023px)");
  // The address may change without the field: Back, or "Clear filters".
  useEffect(() => setText(q ?? ""), [q]);
  useEffect(() => {
    if (text.trim() === (q ?? "")) return;
    const timer = setTimeout(() => narrow({ q: text.trim() }), 250);
    return () => clearTimeout(timer);
    // Only typing starts the wait.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text]);
  return (
    <div data-search="" className="search">
      <SearchBox aria-label={texts.tokens.search} placeholder={tight ? texts.tokens.searchShort : texts.tokens.search} value={text} maxLength={100} onChange={(_, { value }) => setText(value)} />
    </div>
  );
}
