// SPDX-License-Identifier: Apache-2.0
import { useMemo } from "react";
import { useScopes } from "../api/queries";
import type { ScopeGroup } from "../api/types";
import { texts } from "../texts";

/** "Code (Read & write)" of the id; the id itself until the catalogue is there. */
export function useScopeNames(organization: string): (id: string) => string {
  const { data } = useScopes(organization);
  return useMemo(() => {
    const names = new Map(data?.flatMap((group) => group.scopes.map((scope) => [scope.id, scopeName(group, scope.title)] as const)));
    return (id) => (id === "app_token" ? texts.scopes.full : (names.get(id) ?? id));
  }, [data]);
}

export function scopeName(group: ScopeGroup, level: string): string {
  return level.startsWith(group.title) ? level : `${group.title} (${level})`;
}

/** The first scope by name, and how many more there are. */
export function ScopeTags({ scopes, nameOf }: { scopes: string[]; nameOf: (id: string) => string }) {
  const [first, ...rest] = scopes;
  if (first === undefined) return null;
  return (
    <span className="scope-tags">
      <span className="tag" data-full={first === "app_token"}>{nameOf(first)}</span>
      {rest.length > 0 && (
        <span className="tag" title={rest.map(nameOf).join("\n")}>
          <span aria-hidden="true">+{rest.length}</span>
          <span className="hidden">{texts.scopes.andMore(rest.map(nameOf))}</span>
        </span>
      )}
    </span>
  );
}
