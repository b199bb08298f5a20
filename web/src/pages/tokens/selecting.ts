// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Token } from "../../api/types";
import type { Selection, TokenFilter } from "../../selection";

export interface Selecting {
  count: number;
  /** "all that match" is chosen, not single rows. */
  all: boolean;
  has: (token: Token) => boolean;
  /** `range`: with all rows between this one and the last that was changed. */
  toggle: (token: Token, rows: readonly Token[], range: boolean) => void;
  setPage: (rows: readonly Token[], chosen: boolean) => void;
  setAll: () => void;
  clear: () => void;
  tokens: readonly Token[];
  selection: (count: number) => Selection;
}

/** The ticked rows. They survive paging; another filter begins anew, because nobody sees any more what was ticked. */
export function useSelecting(filter: TokenFilter): Selecting {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Token>>(new Map());
  const [all, setEverything] = useState(false);
  const last = useRef<string>();
  const { status, scope, q } = filter;

  const clear = useCallback(() => {
    setChosen(new Map());
    setEverything(false);
    last.current = undefined;
  }, []);
  useEffect(clear, [clear, status, scope, q]);

  return useMemo(() => ({
    count: chosen.size,
    all,
    has: (token) => all || chosen.has(token.id),
    toggle: (token, rows, range) => {
      const next = new Map(all ? rows.map((row) => [row.id, row] as const) : chosen);
      const choose = !next.has(token.id);
      const from = range ? rows.findIndex((row) => row.id === last.current) : -1;
      const to = rows.findIndex((row) => row.id === token.id);
      const changed = from < 0 ? [token] : rows.slice(Math.min(from, to), Math.max(from, to) + 1);
      for (const row of changed) choose ? next.set(row.id, row) : next.delete(row.id);
      last.current = token.id;
      setEverything(false);
      setChosen(next);
    },
    setPage: (rows, choose) => {
      const next = new Map(chosen);
      for (const row of rows) choose ? next.set(row.id, row) : next.delete(row.id);
      setEverything(false);
      setChosen(next);
    },
    setAll: () => setEverything(true),
    clear,
    tokens: [...chosen.values()],
    selection: (count) => (all ? { kind: "all", filter: { status, scope, q }, count } : { kind: "some", tokens: [...chosen.values()] }),
  }), [chosen, all, clear, status, scope, q]);
}
