// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { request } from "../../api/client";
import { own } from "../../api/queries";
import type { Ending, StatusFilter, TokenPage, TokenSort } from "../../api/types";
import { navigate, setSearch, usePlace } from "../../router";
import type { TokenFilter } from "../../selection";

export const pageLength = 50;
const statuses = ["all", "active", "expiresSoon", "inactive", "expired", "revoked"] as const;
const sorts = ["expires", "name", "created", "lastUsed", "status"] as const;

/** What the address asks of the list. */
export interface View {
  filter: TokenFilter;
  sort: TokenSort;
  descending: boolean;
  /** The cursor that the page begins after, and its number, counted from 1. */
  after: string | undefined;
  page: number;
}

export function useView(): View {
  const { search } = usePlace();
  const one = <Value extends string>(name: string, known: readonly Value[], usual: Value) =>
    known.find((value) => value === search.get(name)) ?? usual;
  const after = search.get("after") ?? undefined;
  return {
    filter: { status: one("status", statuses, "all"), scope: search.get("scope") ?? undefined, q: search.get("q") ?? undefined },
    sort: one("sort", sorts, "expires"),
    descending: search.get("descending") === "true",
    after,
    page: after === undefined ? 1 : Math.max(2, Number(search.get("page")) || 2),
  };
}

/** Narrows the list; it begins again with its first page. */
export function narrow(change: { status?: StatusFilter; scope?: string; q?: string }): void {
  setSearch({ ...change, ...(change.status === "all" && { status: undefined }), after: undefined, page: undefined });
}

/** Sorts by a column; once more turns it round. */
export function sortBy(sort: TokenSort, view: View): void {
  const descending = view.sort === sort && !view.descending;
  setSearch({ sort: sort === "expires" ? undefined : sort, descending: descending ? "true" : undefined, after: undefined, page: undefined });
}

/** A page further on or back is a place of its own: the browser's Back returns from it. */
export function turnTo(path: string, search: URLSearchParams, after: string | undefined, page: number): void {
  const next = new URLSearchParams(search);
  next.delete("after");
  next.delete("page");
  if (after !== undefined) {
    next.set("after", after);
    next.set("page", String(page));
  }
  const query = next.toString();
  navigate(path + (query ? "?" + query : ""));
}

export function isNarrowed({ status, scope, q }: TokenFilter): boolean {
  return status !== "all" || scope !== undefined || q !== undefined;
}

export function useTokens(organization: string, { filter, sort, descending, after }: View) {
  const query = new URLSearchParams({ top: String(pageLength), sort });
  if (filter.status !== "all") query.set("status", filter.status);
  if (filter.scope) query.set("scope", filter.scope);
  if (filter.q) query.set("q", filter.q);
  if (descending) query.set("descending", "true");
  if (after) query.set("after", after);
  return useQuery({
    queryKey: ["tokens", organization, "list", query.toString()],
    queryFn: ({ signal }) => request<TokenPage>("GET", own(organization, "tokens?" + query.toString()), { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}

export function useEnding(organization: string) {
  return useQuery({
    queryKey: ["tokens", organization, "ending"],
    queryFn: ({ signal }) => request<Ending>("GET", own(organization, "tokens/ending?days=90"), { signal }),
  });
}

export function isLive(token: { status: string }): boolean {
  return token.status !== "expired" && token.status !== "revoked";
}
