// SPDX-License-Identifier: Apache-2.0
import type { InventoryFilter, InventoryView } from "../../api/inventory";
import { setSearch, usePlace } from "../../router";

const filters = ["owner", "scope", "full", "allOrganizations", "neverUsed", "expiringWithin", "status", "madeBy", "q"] as const satisfies readonly (keyof InventoryFilter)[];

/** What the address asks of the inventory. */
export function useInventoryView(): { filter: InventoryFilter; view: InventoryView; page: number } {
  const { search } = usePlace();
  const filter: InventoryFilter = {};
  for (const name of filters) {
    const value = search.get(name);
    if (value) filter[name] = value;
  }
  const after = search.get("after");
  const view: InventoryView = {
    ...filter,
    ...(search.get("descending") === "true" && { descending: "true" }),
    ...(after && { after }),
  };
  return { filter, view, page: after ? Math.max(2, Number(search.get("page")) || 2) : 1 };
}

/** Narrows the list; it begins again with its first page. */
export function narrowTo(change: Partial<Record<keyof InventoryFilter | "of", string | undefined>>): void {
  setSearch({ ...change, after: undefined, page: undefined });
}

export function clearFilters(): void {
  narrowTo(Object.fromEntries(filters.map((name) => [name, undefined])));
}

/** The soonest end comes first, or last. */
export function turnRound({ descending }: InventoryView): void {
  setSearch({ descending: descending ? undefined : "true", after: undefined, page: undefined });
}
